// Single keys for the page on which an expert judges an answer.
//
// An element with data-key="a" is what the key leads to: a button is pressed, a link is followed, and of any other
// element the first field in it takes the focus, or the element itself. A button with data-key-asks only takes the focus,
// since pressing it would overwrite something. A key with Ctrl, Alt or Meta stays the browser's, and in a field every key
// is what one types.

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("a, button:not([data-key-asks])")) target.click();
  else (target.querySelector("input:not([type=hidden]), textarea, select") ?? target).focus();
});
