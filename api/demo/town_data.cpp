#include "api/demo/town_data.h"

namespace dfb::demo {
namespace {

constexpr Community kCommunities[] = {
    {"lijing", "丽景社区", "Lijing community"},
    {"changjia", "常嘉社区", "Changjia community"},
    {"shuangcheng", "双城社区", "Shuangcheng community"},
};

constexpr Shop kShops[] = {
    {"/lijing", "丽景粮油店", "Lijing grain and oil"},
    {"/changjia", "常嘉便民超市", "Changjia corner shop"},
    {"/shuangcheng", "双城文具店", "Shuangcheng stationery"},
};

constexpr TaskText kTasks[] = {
    {"patrol-evening", "patrol", "/lijing", "晚间巡逻", "Evening patrol",
     "19:00 在网格驿站集合，走一圈，扫站点码。",
     "Meet at the grid station at 19:00, walk the round, scan the station's code."},
    {"under-the-bridge", "cleaning", "/lijing", "桥下公园清扫", "Cleaning the park under the bridge",
     "带手套，工具在驿站领取。", "Bring gloves; tools are at the station."},
    {"fire-safety", "publicity", "/changjia", "消防安全宣传", "Fire safety visit", "挨户发放消防提示卡。",
     "Hand a fire-safety card to each household."},
    {"stairs-changjia", "cleaning", "/changjia", "楼道杂物清理", "Clearing the staircases",
     "清理堆放在楼道的杂物。", "Clear what stands in the staircases."},
    {"patrol-sports-park", "patrol", "/shuangcheng", "体育公园巡逻", "Sports park patrol",
     "绕体育公园巡查一圈。", "Walk once around the sports park."},
    {"drill-lijing", "drill", "/lijing", "社区应急演练", "Community drill",
     "每月一次，在网格驿站集合，扫站点码。",
     "Once a month: meet at the grid station, scan the station's code."},
    {"drill-town", "drill", "/", "全镇应急演练", "Town drill", "每月一次，社区或全镇任选一场。",
     "Once a month, here or in your community."},
    {"meals-lijing", "help-meal", "/lijing", "为老人送餐", "Bringing meals to elders", "午间为独居老人送餐。",
     "Bring a meal at noon to elders who live alone."},
    {"town-notice", "reading", "/", "阅读本周公告", "Read this week's notice", "读完公告后在此打卡。",
     "Read the notice, then check in here."},
};

}  // namespace

std::span<const Community> communities() { return kCommunities; }
std::span<const Shop> shops() { return kShops; }
std::span<const TaskText> tasks() { return kTasks; }

std::string resident_name(int n) {
  constexpr std::string_view family[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴"};
  constexpr std::string_view given[] = {"秀英", "建国", "桂兰", "伟",   "芳",   "志强", "丽华",
                                        "国庆", "小红", "明",   "玉梅", "德明", "春燕", "勇",
                                        "淑珍", "文斌", "晓东", "凤英", "海涛", "雪"};
  const auto i = static_cast<std::size_t>(n);
  return std::string(family[(i + i / 20) % 10]) + std::string(given[(i * 7 + i / 10) % 20]);
}

}  // namespace dfb::demo
