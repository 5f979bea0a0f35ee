// Bodies about a shop's people at the till. Fields: docs/api.md.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/routes/types.h"

namespace dfb::routes {

struct StaffBody {
  std::optional<std::string> staff;  // left out: somebody new
  std::string name, role;
  std::optional<std::string> pin;  // left out: stays, and so does a lock
};
BOOST_DESCRIBE_STRUCT(StaffBody, (), (staff, name, role, pin))

struct StaffMemberView {
  std::string staff, name, role;
  std::int64_t tries_left = 0;
};
BOOST_DESCRIBE_STRUCT(StaffMemberView, (), (staff, name, role, tries_left))

struct StaffView {
  std::vector<StaffMemberView> staff;
};
BOOST_DESCRIBE_STRUCT(StaffView, (), (staff))

struct StaffPinBody {
  std::string staff, pin;
  std::optional<std::string> unlock;  // a manager's PIN opens this other person's lock
};
BOOST_DESCRIBE_STRUCT(StaffPinBody, (), (staff, pin, unlock))

struct StaffPinView {
  std::string verdict;  // right, wrong, locked
  std::string role;
  std::int64_t tries_left = 0;
};
BOOST_DESCRIBE_STRUCT(StaffPinView, (), (verdict, role, tries_left))

}  // namespace dfb::routes
