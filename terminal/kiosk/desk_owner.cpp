// The desk's part for the owner's report.
#include "terminal/kiosk/desk.h"

namespace dfb::terminal::kiosk {

Result<void> Desk::on(const ShowOwner&) {
  if (is_at_rest()) {
    picked_.reset();
    open_panel(Panel::owner);
    parts_.owners.open(parts_.attendance.wants_people());
  }
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const OpenOwner& touch) {
  if (panel_ != Panel::owner || !parts_.owners.asks_manager() || !is_at_rest())
    return after(Flow::Said::nothing);
  work();
  DFB_TRY(const auto answer, parts_.attendance.allow(touch.manager, touch.pin));
  if (noted(answer)) parts_.owners.allow();
  return after(Flow::Said::nothing);
}

Result<void> Desk::on(const ReadOwner& touch) {
  if (panel_ == Panel::owner && !parts_.owners.asks_manager()) parts_.owners.begin(touch.period);
  return after(Flow::Said::nothing);
}

// A customer who is scanned meanwhile, or a step back, ends it: the panel is another then.
bool Desk::reads_for_owner() const {
  return panel_ == Panel::owner && parts_.owners.is_reading() && is_at_rest();
}

}  // namespace dfb::terminal::kiosk
