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

constexpr GoodText kGoods[] = {
    {"/lijing", "rice", "大米 2.5 公斤", "Rice, 2.5 kg", 150, 40},
    {"/lijing", "oil", "菜籽油 1 升", "Rapeseed oil, 1 l", 120, 24},
    {"/lijing", "noodles", "挂面 1 公斤", "Noodles, 1 kg", 60, 60},
    {"/lijing", "soy-sauce", "酱油 500 毫升", "Soy sauce, 500 ml", 45, 30},
    {"/lijing", "salt", "食盐 400 克", "Salt, 400 g", 20, 80},
    {"/lijing", "eggs", "鸡蛋 10 个", "Eggs, 10", 100, 3},
    {"/changjia", "tissues", "抽纸 3 包", "Tissues, 3 packs", 50, 50},
    {"/changjia", "soap", "肥皂", "Soap", 25, 40},
    {"/changjia", "towel", "毛巾", "Towel", 60, 20},
    {"/changjia", "washing-powder", "洗衣粉 1 公斤", "Washing powder, 1 kg", 80, 15},
    {"/changjia", "toothpaste", "牙膏", "Toothpaste", 55, 25},
    {"/shuangcheng", "exercise-book", "作业本 5 本", "Exercise books, 5", 30, 100},
    {"/shuangcheng", "pencils", "铅笔 12 支", "Pencils, 12", 40, 60},
    {"/shuangcheng", "eraser", "橡皮", "Eraser", 10, 100},
    {"/shuangcheng", "pencil-case", "文具盒", "Pencil case", 90, 12},
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
std::span<const GoodText> goods() { return kGoods; }
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
