#include "api/demo/client.h"

#include <boost/json.hpp>

#include "ledger/base/encoding.h"

namespace dfb::demo {

Result<Json> Client::answer(Result<fetch::Response> response) {
  if (!response) return response.error();
  boost::system::error_code error;
  Json value = response->body.empty() ? Json() : boost::json::parse(response->body, error);
  if (error) return fail(Code::malformed, "the server's answer is not JSON");
  if (response->status < 400) return value;
  const auto* object = value.if_object();
  const auto text = [object](const char* name) {
    const auto* field = object ? object->if_contains(name) : nullptr;
    return field && field->is_string() ? std::string(field->as_string()) : std::string();
  };
  return fail(code_from_name(text("code")).value_or(Code::internal), text("detail"));
}

Result<Json> Client::get(const std::string& path) { return answer(http_.get(base_url_ + path)); }

Result<Json> Client::post(const std::string& path, const Json& body) {
  return answer(http_.post(base_url_ + path, "application/json", boost::json::serialize(body)));
}

Result<Json> Client::post(const std::string& path, const SignedLine& line, boost::json::object more) {
  boost::json::array signatures;
  for (const auto& signature : line.signatures)
    signatures.push_back(
        {{"key", hash_text(signature.key)}, {"signature", base64url_encode(signature.bytes)}});
  more["payload"] = line.payload;
  more["signatures"] = std::move(signatures);
  return post(path, Json(std::move(more)));
}

Result<std::string> Client::get_text(const std::string& path) {
  DFB_TRY(const auto response, http_.get(base_url_ + path));
  if (response.status != 200)
    return fail(Code::not_found, path + " answers " + std::to_string(response.status));
  return response.body;
}

Result<void> Client::sign_in(const PrivateKey& device, const std::string& origin, Random& random) {
  const std::string key = hash_text(device.public_key().id());
  DFB_TRY(const Json challenge, post("/v1/sessions/challenge", Json{{"key", key}}));
  const std::string nonce(challenge.at("nonce").as_string());
  DFB_TRY(const std::string nonce_bytes, base64url_decode(nonce));
  const std::string own = random.bytes(16);
  const std::string signature = sign(device, SignedKind::login, origin, nonce_bytes + own);
  DFB_TRY(const Json session, post("/v1/sessions", Json{{"key", key},
                                                        {"nonce", nonce},
                                                        {"client_nonce", base64url_encode(own)},
                                                        {"signature", base64url_encode(signature)}}));
  http_.set_bearer_token(std::string(session.at("token").as_string()));
  return ok();
}

}  // namespace dfb::demo
