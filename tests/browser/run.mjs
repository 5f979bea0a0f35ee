// The resident page's tests in one process, one after the other, since a pay code is good for seconds: a second browser at the
// same moment would make them late on a small machine.
//   DFB_BIN=<programs> DFB_PAGES=<api/web> node run.mjs
import "./formats.test.mjs";
import "./resident.test.mjs";
import "./looks.test.mjs";
