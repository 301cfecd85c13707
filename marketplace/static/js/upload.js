/* Sends a clip with progress, a way to stop and to try again. Without script the form sends itself. */

const MEGABYTE = 1024 * 1024;

for (const form of document.querySelectorAll("form[data-upload]")) enhance(form);

function enhance(form) {
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-words]");
  const stop = form.querySelector("[data-cancel]");
  const send = form.querySelector("button[type=submit]");
  const file = form.querySelector("input[type=file]");
  const say = (text, wrong = false) => {
    box.hidden = false;
    box.classList.toggle("is-wrong", wrong);
    words.textContent = text;
  };
  let request = null;

  const busy = (on) => {
    stop.hidden = bar.hidden = !on;
    send.disabled = on;
    if (on) addEventListener("beforeunload", warn);
    else removeEventListener("beforeunload", warn);
  };
  const fail = (text) => {
    request = null;
    busy(false);
    say(text, true);
    send.focus();
  };
  const tooLarge = () => file.files[0]?.size > Number(form.dataset.mostBytes);

  file.addEventListener("change", () => {
    box.hidden = true;
    if (tooLarge()) fail(form.dataset.tooLarge);
  });

  stop.addEventListener("click", () => request?.abort());

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (request) return;
    if (tooLarge()) return fail(form.dataset.tooLarge);
    const body = new FormData(form);
    const began = performance.now();
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (progress) => {
      if (!progress.lengthComputable) return;
      bar.value = (100 * progress.loaded) / progress.total;
      say(progress.loaded < progress.total ? told(form.dataset, progress, began) : form.dataset.checking);
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      if (request.status !== 201) return fail(answer?.title ?? form.dataset.broken);
      removeEventListener("beforeunload", warn);
      location.assign(answer.url);
    });
    request.addEventListener("error", () => fail(form.dataset.broken));
    request.addEventListener("abort", () => fail(form.dataset.cancelled));
    bar.value = 0;
    busy(true);
    say(form.dataset.sending.replace("{done}", 0).replace("{all}", megabytes(file.files[0]?.size ?? 0)));
    request.send(body);
  });
}

function told(texts, progress, began) {
  const seconds = (performance.now() - began) / 1000;
  const left = (seconds * (progress.total - progress.loaded)) / Math.max(1, progress.loaded);
  const sent = texts.sending.replace("{done}", megabytes(progress.loaded)).replace("{all}", megabytes(progress.total));
  if (seconds < 2) return sent;
  return `${sent}, ${left < 60 ? texts.nearly : texts.left.replace("{minutes}", Math.ceil(left / 60))}`;
}

function megabytes(bytes) {
  const number = bytes / MEGABYTE;
  return number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: number < 10 ? 1 : 0 });
}

function warn(event) {
  event.preventDefault();
}
