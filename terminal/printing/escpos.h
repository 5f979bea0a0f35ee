// Laid-out lines as ESC/POS bytes, of the commands that Epson's and the Chinese makers' printers share.
//
//   ESC @                     start anew             FS &            Chinese characters by GB 18030
//   GS ! n, FS ! n            size                   ESC a n         alignment, for QR codes alone
//   GS ( k                    a QR code that the printer draws (model 2, level M)
//   GS v 0                    a QR code as a picture, for printers that draw none
//   ESC d n, GS V 66 0        feed and cut; printers without a knife feed
// Threads: pure functions.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "terminal/printing/layout.h"

namespace dfb::terminal {

enum class QrStyle : std::uint8_t { native, image };

std::string to_escpos(const std::vector<PaperPart>& parts, const Paper& paper, QrStyle style);

}  // namespace dfb::terminal
