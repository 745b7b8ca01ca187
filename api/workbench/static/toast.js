// The toast: what was decided can be taken back until its minute is over; its seconds run down, then it goes.

let ends = 0;

/** Start the seconds of the toast that the page came with. */
export function keepToast() {
  const toast = document.querySelector("[data-toast]");
  if (toast) ends = performance.now() + Number(toast.dataset.left);
}

/** Put another toast in its place, as the server wrote it. */
export function putToast(html) {
  document.querySelector("[data-toasts]").innerHTML = html;
  keepToast();
}

/** Take the decision back; false when there is none. */
export function undo() {
  const toast = document.querySelector("[data-toast]");
  if (!toast) return false;
  toast.requestSubmit();
}

setInterval(() => {
  const toast = document.querySelector("[data-toast]");
  if (!toast) return;
  const left = Math.ceil((ends - performance.now()) / 1000);
  if (left > 0) toast.querySelector("[data-toast-left]").textContent = left;
  else toast.remove();
}, 1_000);

keepToast();
