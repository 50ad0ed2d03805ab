/* A scanned letter carries its two codes behind the # of the address, which no server ever sees: fill them in. */
(() => {
  "use strict";
  const [creditCode, claimCode] = decodeURIComponent(location.hash.slice(1)).split("/");
  const one = document.getElementById("credit_code"), other = document.getElementById("claim_code");
  if (!one || !other || !/^[0-9A-Z]{18}$/.test(creditCode) || !/^[0-9A-Z]{10}$/.test(claimCode || "")) return;
  one.value = creditCode;
  other.value = claimCode;
  history.replaceState(null, "", location.pathname + location.search);
  other.focus();
})();
