#include "terminal/kiosk/page_server.h"

#include <algorithm>

#include "api/http/problem.h"
#include "ledger/base/encoding.h"
#include "terminal/scan/decode.h"

namespace dfb::terminal::kiosk {
namespace {

constexpr std::chrono::milliseconds kPatience{20'000};
constexpr std::string_view kPolicy =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

http::Response json(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

http::Response with_headers(http::Response response) {
  std::erase_if(response.headers, [](const auto& header) {
    return header.first == "Cache-Control" || header.first == "ETag" ||
           header.first == "Content-Security-Policy";
  });
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  return response;
}

bool has_type(const http::Request& request, std::string_view type) {
  const std::string_view given = request.header("content-type");
  return given.substr(0, given.find(';')) == type;
}

http::Response busy() { return http::problem(fail(Code::busy, "the till is busy; try again")); }

}  // namespace

Result<std::unique_ptr<Pages>> Pages::open(const std::string& folder, Random& random, Board& board,
                                           Inbox& inbox) {
  http::StaticOptions options;
  options.directory = folder;
  options.permissions_policy = "camera=(self), geolocation=(), microphone=()";
  DFB_TRY(http::StaticFiles files, http::StaticFiles::open(std::move(options)));
  return std::unique_ptr<Pages>(new Pages(std::move(files), random, board, inbox));
}

Pages::Pages(http::StaticFiles files, Random& random, Board& board, Inbox& inbox)
    : files_(std::move(files)), guard_(random), board_(board), inbox_(inbox) {
  router_.add({"GET", "/state", [this](const auto& request, const auto&) { return state(request); }});
  router_.add({"POST", "/touch", [this](const auto& request, const auto&) { return touch(request); }});
  router_.add({"POST", "/frame", [this](const auto& request, const auto&) { return frame(request); }});
  router_.add({"GET", "/{rest...}", [this](const auto& request, const auto& path) {
                 return files_.serve(request, path.at("rest"));
               }});
}

http::Response Pages::handle(const http::Request& request) {
  const bool is_file = request.path != "/state" && request.path != "/touch" && request.path != "/frame";
  const auto allowed = guard_.check(request, is_file);
  return with_headers(allowed ? router_.handle(request) : http::problem(allowed.error()));
}

http::Response Pages::state(const http::Request& request) {
  const auto after = parse_decimal(request.query_value("after"));
  const auto newest = board_.newest(after ? after.value() : 0, kPatience);
  return newest ? json(200, newest->json) : busy();
}

http::Response Pages::touch(const http::Request& request) {
  if (!has_type(request, "application/json"))
    return http::problem(fail(Code::unsupported_media_type, "send application/json"));
  auto touch = parse_touch(request.body);
  if (!touch) return http::problem(touch.error());
  return inbox_.push(std::move(touch).value()) ? json(202, "{}") : busy();
}

http::Response Pages::frame(const http::Request& request) {
  if (!has_type(request, "application/octet-stream"))
    return http::problem(fail(Code::unsupported_media_type, "send application/octet-stream"));
  const auto width = parse_decimal(request.query_value("width")),
             height = parse_decimal(request.query_value("height"));
  const auto fits = [](const Result<std::int64_t>& side) {
    return side && side.value() >= 1 && side.value() <= 4096;
  };
  if (!fits(width) || !fits(height))
    return http::problem(fail(Code::malformed, "width and height are wanted"));
  const auto pixels = static_cast<std::size_t>(width.value() * height.value());
  if (pixels > kFramePixelsMax) return http::problem(fail(Code::too_large, "640 by 480 at most"));
  if (request.body.size() != pixels)
    return http::problem(fail(Code::malformed, "one byte a pixel is wanted"));
  const std::unique_lock one_at_a_time(decoding_, std::try_to_lock);
  if (!one_at_a_time) return busy();
  Picture picture;
  picture.width = static_cast<int>(width.value());
  picture.height = static_cast<int>(height.value());
  picture.grey.assign(request.body.begin(), request.body.end());
  auto text = decode(picture);
  if (!text) return json(200, R"({"found":false})");
  return inbox_.push(Scan{std::move(text).value(), true}) ? json(200, R"({"found":true})") : busy();
}

Result<std::unique_ptr<http::Server>> serve(Pages& pages, std::uint16_t number) {
  http::Port port;
  port.port = number;
  port.handler = [&pages](const http::Request& request) { return pages.handle(request); };
  http::Limits limits;
  limits.body_bytes_max = kFramePixelsMax;
  limits.connections_max = limits.connections_of_one_max = 64;
  limits.io_threads = 1;
  limits.worker_threads = Board::kWaitersMax + 4;
  limits.queued_max = 64;
  std::vector<http::Port> ports;
  ports.push_back(std::move(port));
  auto server = http::Server::start(std::move(ports), limits);
  if (!server) {
    Error error = server.error();  // in the words of a program whose option for it is another
    if (const std::size_t option = error.detail.find("--port"); option != std::string::npos)
      error.detail.replace(option, 6, "--kiosk-port");
    return error;
  }
  pages.guard().set_port((*server)->port(0));
  return std::move(server).value();
}

}  // namespace dfb::terminal::kiosk
