// Puts the story that the runner told on the start page into the intake, so that she need not write it twice.
// The page works without it.

const KEY = "runsight.story";
const box = document.querySelector("form[data-intake] textarea[name=story]");

try {
  const story = sessionStorage.getItem(KEY);
  if (box && story && !box.value.trim()) {
    box.value = story.slice(0, box.maxLength > 0 ? box.maxLength : undefined);
  }
} catch {
  // storage may be turned off; then she writes it, or does not
}
