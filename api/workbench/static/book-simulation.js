// An open page follows a simulation until it is done.
const run = document.querySelector("[data-run]");
const bar = run.querySelector("progress");

async function look() {
  const answer = await fetch(run.dataset.state).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  if (told.state !== "running" || told.silent) return location.reload();
  if (told.total) [bar.max, bar.value] = [told.total, told.done];
  run.querySelector("[data-told]").textContent = `${told.done.toLocaleString()} / ${told.total.toLocaleString()}`;
}

setInterval(look, 700);
