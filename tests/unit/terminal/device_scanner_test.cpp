// A scanner's key events: the characters they type, and a device that goes and comes back. A named pipe takes
// the place of the device file: the same events in the same bytes.
#include "terminal/scan/device_scanner.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "tests/support/temp_folder.h"

namespace dfb::terminal {
namespace {

struct Key {
  std::uint16_t code;
  bool shift;
};
// By hand from the kernel's table, not from the code under test.
const std::map<char, Key>& keys() {
  static const std::map<char, Key> kKeys = {
      {'0', {11, false}}, {'1', {2, false}},  {'9', {10, false}}, {'A', {30, true}},  {'B', {48, true}},
      {'Z', {44, true}},  {'a', {30, false}}, {'z', {44, false}}, {'$', {5, true}},   {'%', {6, true}},
      {'*', {9, true}},   {'+', {13, true}},  {'-', {12, false}}, {'.', {52, false}}, {'/', {53, false}},
      {':', {39, true}},  {' ', {57, false}}, {'#', {4, true}},   {'=', {13, false}}, {'\n', {28, false}}};
  return kKeys;
}

void type(std::vector<input_event>& events, char character) {
  const Key key = keys().at(character);
  const auto add = [&](std::uint16_t code, std::int32_t value) {
    events.push_back({{}, EV_MSC, MSC_SCAN, 0x70004});
    events.push_back({{}, EV_KEY, code, value});
    events.push_back({{}, EV_SYN, SYN_REPORT, 0});
  };
  if (key.shift) add(KEY_LEFTSHIFT, 1);
  add(key.code, 1);
  add(key.code, 0);
  if (key.shift) add(KEY_LEFTSHIFT, 0);
}
std::vector<input_event> typed(std::string_view text) {
  std::vector<input_event> events;
  for (const char c : text) type(events, c);
  return events;
}

TEST(KeyEvents, TypeWhatTheScannerRead) {
  for (const auto& [character, key] : keys()) {
    KeyEvents reader;
    std::string out;
    for (const input_event& event : typed(std::string(2, character)))
      if (const auto got = reader.feed(event.type, event.code, event.value)) out += *got;
    EXPECT_EQ(out, std::string(2, character)) << "key " << key.code;
  }
}

TEST(KeyEvents, WhatTypesNothing) {
  KeyEvents reader;
  EXPECT_FALSE(reader.feed(EV_KEY, KEY_A, 2)) << "a key that is held down";
  EXPECT_FALSE(reader.feed(EV_KEY, KEY_A, 0));
  EXPECT_FALSE(reader.feed(EV_REL, KEY_A, 1));
  EXPECT_FALSE(reader.feed(EV_KEY, KEY_F1, 1));
  EXPECT_FALSE(reader.feed(EV_KEY, 0x2ff, 1));
  reader.feed(EV_KEY, KEY_LEFTSHIFT, 0);  // a release without a press
  EXPECT_EQ(reader.feed(EV_KEY, KEY_A, 1), 'a');
}

class Scanned {
 public:
  void add(const LineScanner::Line& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line.text);
    changed_.notify_all();
  }
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

class DeviceScannerTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); }
  static void write(int fd, std::string_view text) {
    const auto events = typed(text);
    const auto size = static_cast<ssize_t>(events.size() * sizeof(input_event));
    ASSERT_EQ(::write(fd, events.data(), static_cast<std::size_t>(size)), size);
  }
  dfb::test::TempFolder folder;
  const std::string path = folder.path("event-kbd");
};

TEST_F(DeviceScannerTest, ReadsLinesAndOutlivesBeingPulledOut) {
  const File keeps_open(::open(path.c_str(), O_RDWR | O_NONBLOCK));
  Scanned scanned;
  auto scanner = DeviceScanner::open(path, [&](const LineScanner::Line& line) { scanned.add(line); });
  ASSERT_TRUE(scanner);
  write(keeps_open.get(), "A1:B\nza$%*+-. /\n");
  EXPECT_THAT(scanned.wait_for(2), testing::ElementsAre("A1:B", "za$%*+-. /"));
}

TEST_F(DeviceScannerTest, HalfACodeBeforeItWasPulledOutIsNone) {
  Scanned scanned;
  auto scanner = DeviceScanner::open(path, [&](const LineScanner::Line& line) { scanned.add(line); });
  ASSERT_TRUE(scanner);
  {
    const File plugged(::open(path.c_str(), O_WRONLY));
    write(plugged.get(), "A1:");
  }
  while ((*scanner)->is_there()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const File plugged(::open(path.c_str(), O_WRONLY));  // waits until it is read again
  write(plugged.get(), "B0\n");
  EXPECT_THAT(scanned.wait_for(1), testing::ElementsAre("B0"));
}

TEST(DeviceScanner, ADeviceThatIsNotThere) {
  const auto scanner = DeviceScanner::open("/nowhere/event-kbd", [](const LineScanner::Line&) {});
  ASSERT_FALSE(scanner);
  EXPECT_EQ(scanner.error().code, Code::bad_config);
  EXPECT_THAT(scanner.error().detail, testing::HasSubstr("/dev/input/by-id"));
}

}  // namespace
}  // namespace dfb::terminal
