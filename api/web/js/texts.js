// What the page says, in both languages, and how numbers and times are written.

const TEXTS = {
  title: ["德分宝", "Defenbao"],
  elder: ["大字", "Large"],
  tasks: ["任务", "Tasks"],
  points: ["积分", "Points"],
  pay: ["付款码", "Pay"],
  loading: ["正在打开……", "Opening…"],
  welcome: ["参与社区，积攒德分，在联盟商店兑换。", "Take part, earn points, spend them at the town's shops."],
  join: ["加入德分宝", "Join"],
  haveCode: ["我有一次性登记码", "I have a one-time code"],
  name: ["姓名", "Name"],
  phone: ["手机号", "Phone number"],
  grid: ["所在网格", "Your grid"],
  code: ["登记码（32 位）", "One-time code (32 characters)"],
  next: ["下一步", "Continue"],
  back: ["返回", "Back"],
  ticketFor: ["这个登记码属于账号 {0}。用它登记这部手机？", "This code belongs to account {0}. Register this phone with it?"],
  ticketReplaces: ["这部手机已登记了账号，登记后改用这个登记码的账号。", "This phone is registered already; it will change to this account."],
  register: ["登记这部手机", "Register this phone"],
  ticketForTill: ["这个登记码是商户收银终端用的，请在终端上输入。", "This code is for a shop's terminal; type it in there."],
  fillAll: ["请把每一栏填好。", "Please fill in every field."],
  codeWrong: ["登记码不对，请再看一遍：共 32 位。", "That is not a code; it has 32 characters."],
  notVerified: [
    "还没有当面核实：可以打卡挣分，但不能兑换。请到网格驿站，出示账号 {0}。",
    "Not verified yet: you can earn, but not spend. At your grid station, show account {0}.",
  ],
  frozen: ["账户已冻结，请联系网格员。", "The account is frozen; ask your grid officer."],
  siteReady: ["已扫站点码，请选择要打卡的任务。", "Site code scanned: choose the task to check in for."],
  noTasks: ["现在没有您可以参加的任务。", "There is no task for you right now."],
  checkIn: ["打卡", "Check in"],
  done: ["已完成", "Done"],
  scanAtSite: ["到现场扫站点码打卡", "Scan the code on site to check in"],
  notOpenYet: ["{0} 开始", "Opens {0}"],
  until: ["到 {0} 止", "Until {0}"],
  checkedIn: ["打卡成功，得 {0} 分。", "Checked in: {0} points."],
  balance: ["可用积分", "Points to spend"],
  lots: ["{0} 分在 {1} 到期", "{0} points expire on {1}"],
  history: ["明细", "History"],
  more: ["更多", "More"],
  nothingYet: ["还没有记录。", "Nothing yet."],
  refusedLine: ["未成功", "Refused"],
  entryNo: ["第 {0} 号记录", "Entry {0}"],
  receiptFirst: ["这是第 {0} 号小票。请先让这部手机加入，再看它的凭证。", "This is receipt {0}. Bring this phone in first, then its proof is shown."],
  notYourReceipt: ["第 {0} 号小票不是您的。只有付款的居民和收款的商店能看到它的内容；小票上的“共记”和“根”谁都可以与公开的账本核对。", "Receipt {0} is not yours. Only the resident who paid and the shop can see what it says; anybody can compare the entries and root on it with the public log."],
  checkedHere: ["本页已核对：这条记录在账本中（共 {0} 条）。", "Checked by this page: the entry is in the ledger of {0} entries."],
  checkedNoKey: ["本页已核对哈希路径；此浏览器不能核对签名。", "This page checked the path; this browser cannot check the signature."],
  checkFailed: ["核对失败（{0}）。请保存凭证并联系网格员。", "The check failed ({0}). Save the receipt and ask your grid officer."],
  wholeEntry: ["记录原文", "The entry itself"],
  saveReceipt: ["保存凭证", "Save the receipt"],
  saveEntry: ["保存记录", "Save the entry"],
  payHint: ["请向收银员出示，每 5 秒自动更新。", "Show this to the cashier. It renews itself."],
  payLimit: ["最多付 {0} 分", "Pays at most {0} points"],
  limit: ["本次最多（分）", "At most (points)"],
  paid: ["已支付 {0} 分。剩余 {1} 分。", "Paid {0} points. {1} left."],
  confirmSale: ["请确认这笔付款", "Please confirm this payment"],
  confirmOtherGoods: ["商品清单与要签的不是同一份，请拒绝这笔", "The list of goods is not the one to be signed; decline this sale"],
  confirmWhat: ["{0}：付 {1} 分", "{0}: {1} points"],
  confirmCash: ["，另付现金 {0}", ", and {0} in cash"],
  confirmYes: ["确认付 {0} 分", "Pay {0} points"],
  confirmNo: ["不付", "Do not pay"],
  confirmed: ["已确认，请等收银员完成。", "Confirmed; the cashier finishes the sale."],
  declinedBefore: ["这笔已经取消，没有扣积分。", "It was declined before; nothing was charged."],
  secondsLeft: ["还剩 {0} 秒", "{0} seconds left"],
  notMe: ["不是我在付款", "This is not me"],
  notMeSure: ["将立即停用这部手机：别人拿着您的付款码也不能再花分。之后请到网格驿站重新登记。", "This phone is ended at once: nobody can spend with your code any more. Register again at your grid station."],
  notMeYes: ["停用这部手机", "End this phone"],
  handle: ["收银员扫不了码？", "The cashier cannot scan it?"],
  handleGet: ["显示 8 位数字", "Show 8 digits"],
  handleHint: ["请报给收银员，一分钟内有效。", "Read them to the cashier; they are good for a minute."],
  offlineHead: ["断网也能付", "Paying when the net is down"],
  offlineWhy: ["现在带上一些积分，{0} 小时内没有网络也能在联盟商店付。带上的积分先留出来，没用完的会退回。",
    "Carry some points now: for {0} hours you can pay with them at the town's shops even without the net. They are set aside, and what is left comes back."],
  offlineCarryPoints: ["带上（分）", "Points to carry"],
  offlineCarry: ["带上备用积分", "Carry points for when the net is down"],
  offlineLeft: ["已带上，还有 {0} 分可离线付，到 {1} 为止。", "Carried: {0} points left to pay with offline, until {1}."],
  offlineShop: ["商店", "Shop"],
  offlinePoints: ["付多少分", "Points to pay"],
  offlineMake: ["显示离线码", "Show an offline code"],
  offlineCode: ["离线付款码", "Offline code"],
  offlineShow: ["给 {0} 付 {1} 分：请收银员扫码，十分钟内有效。", "{1} points for {0}: let the cashier scan it within ten minutes."],
  offlineTooMany: ["请输入 1 到 {0} 之间的整数。", "Enter a whole number from 1 to {0}."],
  offlineKeepOpen: ["请让本页开着：没有网络时不能重新打开。", "Keep this page open: without the net it cannot be opened anew."],
  payNone: ["没有可用的积分。", "There are no points to spend."],
  signedInAs: ["账号 {0}", "Account {0}"],
  namesOthers: ["这一笔还写着邻居，全文由网格员和审计员查看。", "This entry names neighbours too; officers and auditors read the whole of it."],
  staff: ["店员", "Staff"],
  staffHead: ["商店的店员", "A shop's people"],
  staffWhy: ["名单上的人用密码在本店收款机登录。没有名单的商店不用登录。", "Whoever is listed signs in at the shop's tills with a PIN. A shop without a list needs nobody to."],
  staffNoShop: ["镇上还没有商店。", "The town has no shop yet."],
  staffNotYours: ["这家商店不在您的辖区，请选别的商店。", "This shop is not in your district; choose another one."],
  shop: ["商店", "Shop"],
  staffNobody: ["名单是空的：现在不用登录就能收款。", "Nobody is listed: the tills sell without signing in."],
  staffAdd: ["添加店员", "Add a person"],
  staffCashier: ["收银员", "Cashier"],
  staffManager: ["店长", "Manager"],
  staffLocked: ["密码错了五次，已锁定。设新密码即可解锁。", "Locked after five wrong PINs. A new PIN opens the lock."],
  staffOpen: ["设新密码解锁", "New PIN, to unlock"],
  staffCorrect: ["修改", "Correct"],
  staffCorrectOf: ["修改：{0}", "Correct: {0}"],
  staffDrop: ["移除", "Remove"],
  staffDropSure: ["再按一次，移除 {0}", "Once more: remove {0}"],
  staffDropped: ["已移除 {0}，不能再登录。", "{0} was removed and signs in no more."],
  staffRole: ["职务", "Role"],
  staffPin: ["密码（6 位数字）", "PIN (6 digits)"],
  staffNewPin: ["新密码（6 位数字）", "New PIN (6 digits)"],
  staffPinHint: ["请店员本人输入，只输一次；之后谁也看不到，忘了就设新的。", "The person types it, once. Nobody can see it afterwards; who forgets it gets a new one."],
  staffNewPinHint: ["不填就保留原来的。新密码会解锁。", "Left empty, the present one stays. A new one also opens a lock."],
  staffSave: ["保存", "Save"],
  staffNameWanted: ["请填姓名。", "Please fill in the name."],
  staffPinWanted: ["密码要 6 位数字。", "The PIN has 6 digits."],
  staffAdded: ["已添加 {0}。", "{0} was added."],
  staffSaved: ["已保存 {0}。", "{0} was saved."],
  staffFull: ["一家商店最多 50 人。", "A shop has 50 people at most."],
  unreachable: ["连不上服务器，请检查网络后再试。", "The server cannot be reached; check the connection and try again."],
  again: ["再试一次", "Try again"],
};
// What people can do about a refusal; others show the server's own words.
const PROBLEMS = {
  unreachable: TEXTS.unreachable,
  fact_exists: ["今天已经打过卡了。", "You have checked in for this already."],
  site_code_stale: ["站点码过期了，请重新扫一次。", "The site code has run out; scan it again."],
  site_not_allowed: ["这个站点码不属于这项任务。", "This site code is not for this task."],
  task_not_open: ["任务还没有开始，或已经结束。", "The task is not open now."],
  cap_account: ["已达到这项任务的上限。", "You have reached the limit of this task."],
  out_of_scope: ["这项任务不在您的网格。", "This task is not in your grid."],
  cap_phone_level: ["当面核实前的上限已满，请到网格驿站核实。", "The limit before verification is reached; visit your grid station."],
  unknown_key: ["这部手机还没有登记，或已停用。", "This phone is not registered here, or was revoked."],
  key_revoked: ["这部手机已停用，请用新的登记码登记。", "This phone was revoked; register with a new code."],
  not_found: ["没有找到。登记码可能已用过或过期。", "Not found. The code may be used or have run out."],
  rate_limited: ["操作太频繁，请稍后再试。", "Too many tries; wait a little."],
  allowance_exists: ["上一份备用积分还没有结清，结清后才能再带。", "The points you carried before are not settled yet; after that you can carry more."],
  offline_right_lost: ["这个账号只能联网付。", "This account pays with the net only."],
  busy: ["现在人多，请稍等再试。", "Busy right now; try again in a moment."],
  too_many_keys: ["这个账号已有四部设备，请先停用一部。", "This account has four devices; revoke one first."],
};

let zh = !(localStorage.getItem("language") ?? navigator.language).startsWith("en");
export const isChinese = () => zh;
export function switchLanguage() {
  zh = !zh;
  localStorage.setItem("language", zh ? "zh" : "en");
}
export const pick = (chinese, english) => (zh ? chinese : english);
export function t(key, ...values) {
  return TEXTS[key][zh ? 0 : 1].replace(/\{(\d)\}/g, (_, i) => values[i]);
}
export function problemText(problem) {
  const known = PROBLEMS[problem.code];
  if (known) return known[zh ? 0 : 1];
  return problem.code ? `${problem.message} [${problem.code}]` : String(problem.message ?? problem);
}

const zone = { timeZone: "Asia/Shanghai" };
const locale = () => (zh ? "zh-CN" : "en-GB");
export const dateTime = (us) =>
  new Date(us / 1000).toLocaleString(locale(), { ...zone, month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
// A civil day, as the ledger writes it: 2026-12-31.
export const dayText = (day) =>
  new Date(`${day}T00:00+08:00`).toLocaleDateString(locale(), { ...zone, year: "numeric", month: "short", day: "numeric" });
export const date = (us) => new Date(us / 1000).toLocaleDateString(locale(), { ...zone, month: "short", day: "numeric" });
