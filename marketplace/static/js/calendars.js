// Copies a secret address, and looks again while a calendar is being read. Without this script both are done by hand.

for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
  field.addEventListener("focus", () => field.select());
}

const fields = () => [...document.querySelectorAll("main input:not([type=hidden]), main textarea, main select")];
const isTouched = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.matches("select") ? [...field.options].some((option) => option.selected !== option.defaultSelected) : field.value !== field.defaultValue);
const isIdle = () => !fields().some((field) => field === document.activeElement || isTouched(field)) && !document.querySelector("details.confirm[open], .notice-stop #errors, #errors");

if (document.querySelector("[data-waits]")) {
  const turn = setInterval(() => {
    if (!isIdle()) return;
    clearInterval(turn);
    location.replace(location.pathname);
  }, 2500);
}
