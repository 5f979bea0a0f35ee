#include "ledger/writer/writer.h"

#include <algorithm>
#include <future>

#include "ledger/base/check.h"
#include "ledger/writer/log_keys.h"
#include "ledger/writer/read_head.h"
#include "ledger/writer/writer_thread.h"

namespace dfb {
namespace {

// A promise that breaks is an answer that `fatal` took with it.
template <class T>
Result<T> wait(std::future<Result<T>> future) {
  try {
    return future.get();
  } catch (const std::future_error&) {
    return fail(Code::internal, "the writer stopped before it knew the outcome");
  }
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::start(store::Store& store, const PrivateKey& log_key,
                                              const Clock& clock, Options options) {
  log::Signer signer(options.origin, {log_key});
  return start(store, std::move(signer), clock, std::move(options));
}

Result<std::unique_ptr<Writer>> Writer::start(store::Store& store, log::Signer signer, const Clock& clock,
                                              Options options) {
  DFB_CHECK(signer.origin() == options.origin && options.fatal);
  try {
    const auto view = store.snapshot();
    DFB_TRY(auto head, read_head(*view, signer));
    // By its next entry a former key may be out of force, and gone for good.
    if (auto ledger = view->get<book::LedgerRow>({1})) {
      ledger->last_time_us = std::max(ledger->last_time_us, clock.now_us());
      DFB_TRY_VOID(can_sign(signer, *ledger));
    }
    return std::unique_ptr<Writer>(
        std::make_unique<WriterThread>(store, std::move(signer), clock, std::move(options), std::move(head)));
  } catch (const sql::Error& error) {
    return fail(Code::io_error, error.what());
  }
}

void Writer::submit(check::CheckedCommand command, Step step, Callback callback) {
  std::vector<check::CheckedCommand> alone;
  alone.push_back(std::move(command));
  submit(std::move(alone), std::move(step),
         [callback = std::move(callback)](Result<std::vector<Answer>> answers) {
           if (answers)
             callback(std::move(answers->front()));
           else
             callback(answers.error());
         });
}

Result<std::vector<Answer>> Writer::run(std::vector<check::CheckedCommand> chain) {
  DFB_CHECK(!WriterThread::on_writer_thread());
  auto promise = std::make_shared<std::promise<Result<std::vector<Answer>>>>();
  auto future = promise->get_future();
  submit(std::move(chain), {}, [promise = std::move(promise)](Result<std::vector<Answer>> answers) {
    promise->set_value(std::move(answers));
  });
  return wait(std::move(future));
}

Result<Answer> Writer::run(check::CheckedCommand command, Step step) {
  DFB_CHECK(!WriterThread::on_writer_thread());
  auto promise = std::make_shared<std::promise<Result<Answer>>>();
  auto future = promise->get_future();
  submit(std::move(command), std::move(step),
         [promise = std::move(promise)](Result<Answer> answer) { promise->set_value(std::move(answer)); });
  return wait(std::move(future));
}

Result<void> Writer::run(std::function<Result<void>(sql::Connection&)> work) {
  DFB_CHECK(!WriterThread::on_writer_thread());
  auto promise = std::make_shared<std::promise<Result<void>>>();
  auto future = promise->get_future();
  submit(std::move(work),
         [promise = std::move(promise)](Result<void> done) { promise->set_value(std::move(done)); });
  return wait(std::move(future));
}

}  // namespace dfb
