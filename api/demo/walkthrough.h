// The town driven once without a person: real programs, real TLS, every step printed with its real values.
//
// Founds a fresh town in `folder`, starts the server, and goes from a resident's enrolment to an auditor who
// finds one changed byte. Each check that does not hold ends it with a line that says which.
#pragma once
#include <string>

namespace dfb::demo {

struct WalkPlan {
  std::string programs;  // the folder of the programs
  std::string pages;
  std::string folder;  // removed first if it is a walkthrough's
  bool chinese = false;
};

// The process's exit status: 0 only if every step held.
int walk(const WalkPlan& plan);

}  // namespace dfb::demo
