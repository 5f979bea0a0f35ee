// The roots, the server's keys and the witnesses, as they come and go.
#include <algorithm>

#include "tests/sim/workload.h"

namespace dfb::sim {

using namespace book;

// The server signs with a key that is in force, and once in a while with one that is none any more.
const PrivateKey& Workload::server() {
  std::vector<const PrivateKey*> live, all{&stage_.town.server};
  for (const auto& key : stage_.spare_servers) all.push_back(&key);
  for (const auto* key : all) {
    const auto known = model_.world().keys.find(key->public_key().id());
    if (known == model_.world().keys.end()) continue;
    const Key& row = known->second;
    if (row.revoked < 0 && (row.until == 0 || now_ < row.until)) live.push_back(key);
  }
  if (live.empty() || chance(3)) return stage_.town.server;
  return *pick(live);
}

// As many roots as are needed, sometimes one fewer, one more, or one that was.
Workload::Signers Workload::some_roots() {
  Signers all;
  for (const auto& id : model_.world().roots) all.push_back(stage_.keys.at(id));
  std::shuffle(all.begin(), all.end(), random_);
  auto wanted = model_.world().threshold;
  if (chance(10)) wanted += chance(50) ? 1 : -1;
  Signers keys(all.begin(), all.begin() + std::clamp<std::int64_t>(wanted, 1, std::ssize(all)));
  const auto* former = &stage_.town.roots[static_cast<std::size_t>(roll(3))];
  if (chance(5) && std::find(keys.begin(), keys.end(), former) == keys.end()) keys.push_back(former);
  return keys;
}

Workload::Line Workload::roots() {
  const auto& present = model_.world().roots;
  std::map<KeyId, const PrivateKey*> named;
  auto name = [&](const PrivateKey& key) { named[key.public_key().id()] = &key; };
  for (const auto& id : present)
    if (chance(80)) name(*stage_.keys.at(id));
  while (named.size() < 3 && chance(95)) name(pick(stage_.spare_roots));
  if (chance(5)) name(stage_.town.resident.key);
  if (named.empty()) return {};
  ReplaceRoots next{chance(5) ? 1 : std::min<std::int64_t>(2 + roll(2), std::ssize(named)), {}};
  Signers signers = some_roots();
  for (const auto& [id, key] : named) {
    next.roots.push_back(key->public_key().spki());
    const bool signs = std::find(signers.begin(), signers.end(), key) != signers.end();
    if (!present.contains(id) && !signs && chance(95)) signers.push_back(key);
  }
  return sign(next, signers);
}

Workload::Line Workload::server_key() {
  const auto& key = pick(stage_.spare_servers);
  NextServerKey next{key.public_key().spki(), chance(25) ? 0 : now_ + roll(5) * kDayUs};
  if (chance(5)) return sign(next, {&stage_.town.admin_a.key, &stage_.town.admin_b.key, &key});
  Signers signers = some_roots();
  if (chance(95)) signers.push_back(&key);
  return sign(next, signers);
}

Workload::Line Workload::witness() {
  const auto *a = &stage_.town.admin_a.key, *b = &stage_.town.admin_b.key;
  const std::string name = "station.example/w" + std::to_string(roll(2));
  if (chance(50)) return sign(EndWitness{name}, {b, a});
  return sign(AddWitness{name, name + "+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}, {a, b});
}

}  // namespace dfb::sim
