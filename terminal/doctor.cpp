// defenbao-terminal doctor: looks at folder, disk, line, clock, certificate, ledger, scanner, camera and printer, and says
// for each what is wrong and what to do about it.
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "certs/request.h"
#include "ledger/base/encoding.h"
#include "terminal/opened_till.h"
#include "terminal/printing/printer.h"
#include "terminal/scan/device_scanner.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFreeMbLeast = 100;
constexpr auto kSlowWrite = std::chrono::milliseconds(250);

class Doctor {
 public:
  explicit Doctor(const Common& common)
      : common_(common), folder_{common.dir}, screen_(std::cout, common.lang, screen_has_colours()) {}

  int run() {
    look_at_folder();
    look_at_disk();
    look_at_certificate();
    if (till_) look_at_line();
    look_at_scanner();
    look_at_camera();
    look_at_printer();
    if (bad_ == 0)
      screen_.say("一切正常", "Nothing has to be put right", Screen::Tone::good);
    else
      screen_.say("有 " + std::to_string(bad_) + " 处需要处理",
                  std::to_string(bad_) + (bad_ == 1 ? " thing has" : " things have") + " to be put right",
                  Screen::Tone::bad);
    return bad_ == 0 ? kDone : kRefused;
  }

 private:
  std::string_view of(std::string_view zh, std::string_view en) const { return pick(common_.lang, zh, en); }
  void good(std::string_view what, const std::string& found) { say("[ok]  ", what, found, Screen::Tone::good); }
  void care(std::string_view what, const std::string& found) { say("[!]   ", what, found, Screen::Tone::care); }
  void bad(std::string_view what, const std::string& found) {
    ++bad_;
    say("[X]   ", what, found, Screen::Tone::bad);
  }
  void say(std::string_view mark, std::string_view what, const std::string& found, Screen::Tone tone) {
    screen_.line(std::string(mark) + std::string(what) + ": " + found, tone);
  }

  void look_at_folder() {
    const auto what = of("收款机文件夹", "Folder");
    auto till = Till::open(common_);
    if (till) {
      till_ = std::move(till).value();
      good(what, common_.dir + "  " + till_->shop_name());
      if (const auto open = till_->history->unfinished().size(); open > 0)
        bad(of("未了结的交易", "Unsettled"),
            std::to_string(open) + std::string(of("；运行 settle，或打开收款页面",
                                                  "; run settle, or open the till's page")));
    } else if (till.error().code == Code::busy) {
      care(what, std::string(of("收款程序正在用这个文件夹；要查线路请先停下它",
                                "the till is running on it; stop it first to have the line looked at too")));
    } else {
      bad(what, till.error().detail);
    }
    look_at_mode(folder_.key());
  }

  void look_at_mode(const std::string& file) {
    std::error_code error;
    const auto status = fs::status(file, error);
    if (error || !fs::exists(status)) return;  // said above
    if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
      bad(of("钥匙文件", "Key file"),
          file + std::string(of(" 别人也能读；运行 chmod 600 ", " can be read by others; run chmod 600 ")) + file);
  }

  void look_at_disk() {
    const auto what = of("磁盘", "Disk");
    struct statvfs disk {};
    if (::statvfs(common_.dir.c_str(), &disk) != 0) return;  // no folder: said above
    const std::uint64_t free_mb = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize / 1'000'000;
    const std::string probe = common_.dir + "/doctor.probe";
    const auto begin = std::chrono::steady_clock::now();
    const auto written = create_file(probe, std::string(4096, 'x'), 0600);
    const auto took = std::chrono::steady_clock::now() - begin;
    ::unlink(probe.c_str());
    const std::string free = std::to_string(free_mb) + std::string(of(" MB 可用", " MB free"));
    const auto ms = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    if (!written)
      bad(what, written.error().detail + std::string(of("；日志写不了就不能收款", "; a till that cannot write cannot sell")));
    else if (free_mb < kFreeMbLeast)
      bad(what, free + std::string(of("；请腾出空间", "; make room")));
    else if (took > kSlowWrite)
      care(what, free + std::string(of("，写一次要 ", ", one write takes ")) + ms +
                     std::string(of(" 毫秒；换一块快的存储卡", " ms; use a faster card or disk")));
    else
      good(what, free + std::string(of("，写一次 ", ", one write takes ")) + ms + " ms");
  }

  void look_at_certificate() {
    const auto what = of("证书", "Certificate");
    const auto chain = read_file(folder_.certificate());
    if (!chain) return bad(what, chain.error().detail + std::string(of("；运行 renew", "; run renew")));
    const auto valid = certs::validity_of(*chain);
    if (!valid) return bad(what, valid.error().detail + std::string(of("；运行 renew", "; run renew")));
    const TimeUs now_us = SystemClock().now_us(), left = valid->until_us - now_us;
    // An empty battery: no connection is secure to a clock like that, so the town cannot be asked for the time.
    if (now_us < valid->from_us)
      return bad(of("时钟", "Clock"),
                 format_time(now_us) + std::string(of("，早于证书开始的时间；请打开自动对时（timedatectl set-ntp true）",
                                                      ", before this till's certificate began; switch on network time "
                                                      "(timedatectl set-ntp true)")));
    const std::string until = std::string(of("有效至 ", "until ")) + format_time(valid->until_us);
    if (left <= 0)
      bad(what, until + std::string(of("，已过期；连上网后运行 renew", ", over; run renew with the line up")));
    else if (left < (valid->until_us - valid->from_us) / 4)
      care(what, until + std::string(of("；该更新了却没有，运行 renew 看原因",
                                        "; should have renewed itself: run renew to see why not")));
    else
      good(what, until);
  }

  void look_at_line() {
    const auto what = of("线路", "Line");
    const auto info = till_->counter.greet();
    if (!info) {
      const bool is_out = info.error().code == Code::unreachable || info.error().code == Code::timed_out;
      const std::string why =
          is_out ? std::string(of("连不上镇服务器；请检查网线、路由器和地址，也看看本机时间对不对：",
                                  "the town is not reached; check cable, router and address, and this machine's clock, which says ")) +
                       format_time(SystemClock().now_us())
                 : words(common_.lang, info.error());
      return bad(what, why + "  " + till_->setup.terminal_url);
    }
    good(what, till_->setup.terminal_url);
    const TimeUs off = -till_->counter.clock_off_us() / kSecondUs;
    const std::string seconds = std::to_string(off) + std::string(of(" 秒（本机减镇服务器）", " s (this machine less the town)"));
    const auto clock = of("时钟", "Clock");
    if (is_clock_off(till_->counter.clock_off_us()))
      bad(clock, seconds + std::string(of("；请打开自动对时（timedatectl set-ntp true）",
                                          "; switch on network time (timedatectl set-ntp true)")));
    else
      good(clock, seconds);
    const auto ledger = of("账本", "Ledger");
    const auto watched = till_->counter.watch_log();
    if (till_->counter.sees_other_history()) return bad(ledger, std::string(other_history(common_.lang)));
    if (!watched)
      return bad(ledger, std::string(of("没有证明它接着本机核验过的账目；请通知审计人：",
                                        "no proof that it continues what this till has verified; tell an auditor: ")) +
                             words(common_.lang, watched.error()));
    const Seen& seen = till_->counter.seen();
    good(ledger, std::to_string(seen.size) + std::string(of(" 条已核验，根 ", " entries verified, root ")) +
                                 base64_encode(seen.root.view()));
  }

  void look_at_scanner() {
    const auto what = of("扫码枪", "Scanner");
    if (!common_.scanner.empty()) {
      const auto opened = open_scanner(common_.scanner);
      if (opened) return good(what, common_.scanner);
      return bad(what, common_.lang == Lang::en
                           ? opened.error().detail
                           : "打不开 " + common_.scanner + "：插好扫码枪，让本用户加入 input 组，别的程序不要占用（" +
                                 opened.error().detail + "）");
    }
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/dev/input/by-id", error))
      if (entry.path().string().ends_with("-event-kbd")) found.push_back(entry.path().string());
    std::sort(found.begin(), found.end());
    if (found.empty())
      return care(what, std::string(of("没有 USB 扫码枪或键盘；也可以用摄像头或手输数字",
                                       "no USB scanner or keyboard; a camera or typed digits do too")));
    good(what, std::string(of("像键盘一样输入到页面；要单独读取就加 --scanner，设备有：",
                              "types into the page like a keyboard; to read it by itself add --scanner with one of:")));
    for (const std::string& device : found) screen_.line("        " + device);
  }

  void look_at_camera() {
    const auto what = of("摄像头", "Camera");
    std::string found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/sys/class/video4linux", error)) {
      std::string name;
      std::getline(std::ifstream(entry.path() / "name"), name);
      const std::string device = "/dev/" + entry.path().filename().string();
      if (::access(device.c_str(), R_OK) != 0)
        return bad(what, device + std::string(of(" 不能读；把用户加进 video 组", " cannot be read; add this user to the group video")));
      found += (found.empty() ? "" : ", ") + printable(name) + " (" + device + ")";
    }
    found.empty() ? care(what, std::string(of("没有；用扫码枪或手输数字", "none; use a scanner or typed digits")))
                  : good(what, found);
  }

  // Asks it, and prints nothing.
  void look_at_printer() {
    const auto what = of("打印机", "Printer");
    if (common_.printer.address.empty())
      return care(what, std::string(of("没有配置（--printer）；收款照常，小票看屏幕",
                                       "none named (--printer); the till sells all the same, receipts stand on the screen")));
    const auto address = parse_printer(common_.printer.address);
    if (!address) return bad(what, address.error().detail);
    const PrintResult asked = send_to_printer(*address, "", PrinterTiming{}, [] { return false; });
    if (asked.printed == Printed::yes)
      good(what, common_.printer.address + std::string(of("；print-test 打一张样张", "; print-test prints a page")));
    else
      bad(what, asked.why + std::string(of("；请检查纸、电源和线", "; look at paper, power and cable")));
  }

  const Common& common_;
  const Folder folder_;
  Screen screen_;
  std::unique_ptr<Till> till_;
  int bad_ = 0;
};

}  // namespace

int run_doctor(const Common& common) { return Doctor(common).run(); }

}  // namespace dfb::terminal
