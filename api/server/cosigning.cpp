#include "api/server/cosigning.h"

#include <spdlog/spdlog.h>

#include "ledger/book/counters.h"
#include "ledger/store/log_reader.h"

namespace dfb::server {
namespace {

std::optional<witness::Offer> newest(store::Store& store, const Writer& writer) {
  const auto head = writer.head();
  if (head->note.empty()) return std::nullopt;
  return witness::Offer{head->checkpoint, head->note,
                        [&store, head](std::int64_t old_size) -> Result<std::vector<Hash>> {
                          const auto view = store.snapshot();
                          return store::LogReader(*view, *head).consistency(old_size);
                        }};
}

Result<Hash> root_at(store::Store& store, const Writer& writer, std::int64_t size) {
  const auto head = writer.head();
  if (size > head->checkpoint.size)
    return fail(Code::not_found, "it has " + std::to_string(size) + " entries, the ledger has " +
                                     std::to_string(head->checkpoint.size));
  const auto view = store.snapshot();
  store::LogReader reader(*view, *head);
  return log::root(size, reader);
}

}  // namespace

Result<std::vector<witness::Address>> witness_addresses(const Config& config) {
  std::vector<witness::Address> addresses;
  for (const std::string& text : config.witnesses) {
    DFB_TRY(witness::Address address, witness::parse_address(text));
    addresses.push_back(std::move(address));
  }
  return addresses;
}

Result<std::unique_ptr<witness::Collector>> open_collector(const Config& config,
                                                           std::vector<log::Vkey> log_keys,
                                                           store::Store& store, const Writer& writer,
                                                           const Clock& clock, Random& random) {
  if (config.witnesses.empty()) return std::unique_ptr<witness::Collector>();
  witness::Collector::Options options;
  DFB_TRY(options.witnesses, witness_addresses(config));
  options.ca_file = config.witness_ca;
  options.file = config.database + ".cosigned";
  options.log_keys = std::move(log_keys);
  options.log = [](const std::string& line) { spdlog::warn("{}", line); };
  return witness::Collector::open(
      std::move(options), [&store, &writer] { return newest(store, writer); },
      [&store, &writer](std::int64_t size) { return root_at(store, writer, size); }, clock, random);
}

void lend_cosignatures(const witness::Collector* collector, routes::Services& services) {
  if (!collector) return;
  services.cosigned_newest = [collector] { return collector->newest(); };
  services.cosigned = [collector] { return collector->published(); };
  services.witnesses = [collector] {
    std::vector<routes::WitnessView> out;
    for (const witness::Status& one : collector->status())
      out.push_back({one.name, one.vkey, std::string(name(one.standing)), one.size, one.cosigned_us});
    return out;
  };
}

void add_warnings(const witness::Collector* collector, std::vector<std::string>& warnings) {
  if (!collector) return;
  for (std::string& warning : collector->warnings()) warnings.push_back(std::move(warning));
}

void add_warnings(const Config& config, store::Store& store, std::vector<std::string>& warnings) {
  if (config.witnesses.empty()) return;
  const auto addresses = witness_addresses(config);
  if (!addresses) return;  // the start would have been refused
  const auto view = store.snapshot();
  for (const witness::Address& one : *addresses) {
    const auto named = view->get<book::CounterRow>({book::witness_counter(one.vkey.name)});
    if (named && named->value == 0)
      warnings.push_back("the town does without the witness " + one.vkey.name +
                         " (authority/unwitness): take it out of the configuration");
  }
}

}  // namespace dfb::server
