// What the page says, in both languages, and how amounts and times are written.

const TEXTS = {
  practice: ["训练：什么码都能付，不动真积分。卡密码 123456", "PRACTICE: any code pays and no real point moves. Card PIN 123456"],
  title: ["德分宝收款", "Defenbao till"],
  lineUp: ["已联网", "Online"],
  lineDown: ["连不上镇服务器", "No line to the town"],
  clockAhead: ["本机时钟快 {0} 秒，请校准", "This clock is {0} s fast; set it"],
  clockBehind: ["本机时钟慢 {0} 秒，请校准", "This clock is {0} s slow; set it"],
  logSize: ["账本已核验 {0} 条", "{0} entries verified"],
  scan: ["请扫顾客的付款码或积分卡", "Scan the customer's pay code or card"],
  scanHint: ["扫码枪对准顾客手机即可，不用先点哪里", "Point the scanner at the phone; nothing has to be touched first"],
  camera: ["用摄像头扫码", "Scan by camera"],
  cameraStop: ["关闭摄像头", "Stop the camera"],
  cameraLook: ["请把付款码放进画面", "Hold the pay code into the picture"],
  cameraFailed: ["摄像头打不开：{0}", "The camera does not open: {0}"],
  records: ["记录与退还", "Sales and refunds"],
  working: ["正在与镇服务器核对……", "Checking with the town…"],
  workingHint: ["有结果前先不要交货", "Hand nothing over before the result"],
  customer: ["顾客 {0}", "Customer {0}"],
  allows: ["此码最多可用 {0} 分", "This code allows up to {0} points"],
  allowsCard: ["积分卡，一次最多 {0} 分", "A card: up to {0} points at once"],
  askPhone: ["请顾客在手机上确认 {0} 分", "Ask the phone to confirm {0} points"],
  wordPoints: ["付 {0} 分", "{0} points"],
  wordCash: ["付 {0} 分，另付现金 {1} 元", "{0} points and ¥{1} in cash"],
  pinHint: ["请顾客输入 6 位密码", "The customer enters the card's 6-digit PIN"],
  pinDigits: ["已输入 {0} 位", "{0} digits entered"],
  pinOk: ["确定", "OK"],
  confirming: ["请顾客在手机上确认", "The customer confirms on the phone"],
  confirmingHint: ["金额超过付款码的限额，确认前不要交货。", "It is more than the code pays. Hand nothing over before that."],
  typeNumber: ["输入卡号或手机上的 8 位数字", "Type a card's number or the phone's 8 digits"],
  typeGo: ["查找", "Look up"],
  points: ["积分", "Points"],
  cash: ["另收现金（元）", "Cash part (yuan)"],
  confirm: ["确认收 {0} 分", "Take {0} points"],
  confirmCash: ["确认收 {0} 分 + {1} 元", "Take {0} points + ¥{1}"],
  enterPoints: ["请输入积分", "Enter the points"],
  tooMany: ["最多 {0} 分", "At most {0} points"],
  cashWrong: ["现金金额不对", "The cash part is not an amount"],
  drop: ["取消", "Cancel"],
  all: ["全部 {0}", "All {0}"],
  clear: ["清空", "Clear"],
  erase: ["退格", "Erase"],
  point: ["小数点", "Point"],
  next: ["下一位", "Next customer"],
  done: ["成功", "DONE"],
  doneSale: ["已收 {0} 分", "{0} points received"],
  doneCash: ["另收现金 {0} 元", "and {0} yuan in cash"],
  doneRefund: ["已退还 {0} 分", "{0} points given back"],
  receiptNo: ["小票号 {0}", "Receipt {0}"],
  receipt: ["小票", "Receipt"],
  refused: ["拒绝", "REFUSED"],
  refusedHint: ["没有扣积分，不要交货", "Nothing was charged; hand nothing over"],
  refusedRefund: ["没有退还", "Nothing was given back"],
  cancelled: ["已取消", "CANCELLED"],
  undone: ["{0} 分已全部退还顾客，不要交货", "All {0} points went back to the customer; hand nothing over"],
  burnt: ["这笔没有发生，没有扣积分，不要交货", "It did not happen and nothing was charged; hand nothing over"],
  unknown: ["结果未知", "NOT KNOWN YET"],
  handNothing: ["先不要交货！", "HAND NOTHING OVER!"],
  unknownRefund: ["先不要当作已退！", "Do not count it as given back!"],
  unknownHint: ["本机正在继续询问镇服务器，有结果会马上显示。请让顾客稍等。", "This till keeps asking the town and shows the result at once. Please ask the customer to wait."],
  waitedFor: ["已等 {0} 秒", "{0} s so far"],
  number: ["编号 {0}", "Number {0}"],
  saleOf: ["收 {0} 分", "{0} points"],
  refundOf: ["退还 {0} 分", "{0} points back"],
  alarm: ["警报", "ALARM"],
  alarmHint: ["镇上的回答通不过核验（{0}）。请通知管理员。", "The town's answer does not stand the check ({0}). Call the administrator."],
  past: ["最近 50 笔", "The last 50"],
  today: ["今日合计（本机记录，{0}）", "Today by this till's journal ({0})"],
  todaySales: ["消费 {0} 笔，{1} 分", "Sales: {0}, {1} points"],
  todayCash: ["现金 {0} 元", "Cash: {0} yuan"],
  todayRefunds: ["退还 {0} 笔，{1} 分", "Refunds: {0}, {1} points"],
  todayNet: ["净收 {0} 分", "Net: {0} points"],
  noSales: ["还没有交易", "No sales yet"],
  find: ["小票号", "Receipt number"],
  findGo: ["查找并退还", "Find and refund"],
  back: ["返回", "Back"],
  refund: ["退还积分", "Give points back"],
  refundLeft: ["这笔收了 {0} 分，还可退 {1} 分", "{0} points were taken, {1} can be given back"],
  nothingLeft: ["这笔已全部退还", "All of it was given back"],
  confirmRefund: ["确认退 {0} 分", "Give {0} points back"],
  sale: ["消费", "Sale"],
  refundWord: ["退还", "Refund"],
  phaseDone: ["成功", "done"],
  phaseRefused: ["拒绝", "refused"],
  phaseCancelled: ["已取消", "cancelled"],
  phaseOpen: ["未知", "not known yet"],
  stopped: ["收款程序已停止", "The till's program has stopped"],
  stoppedHint: ["先不要交货。请重新启动收款程序，它会先了结没完成的交易。", "Hand nothing over. Start the till's program again; it settles first what was left open."],
  foreign: ["请用新地址打开", "Open the page anew"],
  foreignHint: ["本页不是这次启动的收款程序打开的。请用它显示的地址重新打开。", "This page does not belong to the program that runs now. Open the address that it printed at its start."],
  busy: ["收款程序忙，请再按一次", "The till is busy; press once more"],
};
const NOTES = {
  offline_code: ["这是离线付款码，本机现在不收。请顾客打开普通付款码。", "That is an offline code, which is not taken here. Ask for the ordinary pay code."],
  site_code: ["这是站点打卡码，不是付款码。", "That is a site's check-in code, not a pay code."],
  ticket: ["这是一次性登记码，不是付款码。不要让别人看到它。", "That is a one-time registration code, not a pay code. Let nobody see it."],
  receipt: ["这是小票凭证，不是付款码。退还请按小票号查找。", "That is a receipt, not a pay code. For a refund, find it by its number."],
  link: ["这是一个网址，不是付款码。", "That is a link, not a pay code."],
  number: ["这是商品条码或数字，不是付款码。", "That is a barcode or a number, not a pay code."],
  unknown: ["看不懂这个码。请扫顾客手机上的付款码。", "That code is not known. Scan the pay code on the customer's phone."],
  more_than_allowed: ["超过这个码的限额。", "More than this code allows."],
  dropped: ["已取消，没有扣积分。", "Cancelled; nothing was charged."],
  no_receipt_number: ["这不是小票号。", "That is not a receipt's number."],
  no_such_sale: ["本机没有这张小票的消费记录。", "This till has no finished sale with that receipt."],
};

let zh = !(localStorage.getItem("language") ?? "zh").startsWith("en");
export const isChinese = () => zh;
export function switchLanguage() {
  zh = !zh;
  localStorage.setItem("language", zh ? "zh" : "en");
}
export const pick = (chinese, english) => (zh ? chinese : english);
export function t(key, ...values) {
  return TEXTS[key][zh ? 0 : 1].replace(/\{(\d)\}/g, (_, i) => values[i]);
}
export const noteText = (note) => NOTES[note.what]?.[zh ? 0 : 1] ?? pick(note.zh, note.en);

export const yuan = (fen) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
// 12, 12.5 and 12.50 yuan in fen; null for anything else.
export function fenOf(text) {
  const found = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim() || "0");
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}
export const time = (us) =>
  new Date(us / 1000).toLocaleString(zh ? "zh-CN" : "en-GB",
    { timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false });
