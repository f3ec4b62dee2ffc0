// Puts a phrase into the text as soon as one chooses it. Without this it is sent along and stands before the text.
//
// <div data-phrases="id of the text field">…<select>…</div>

for (const part of document.querySelectorAll("[data-phrases]")) {
  const select = part.querySelector("select");
  const text = document.getElementById(part.dataset.phrases);
  select.addEventListener("change", () => {
    if (!select.value) return;
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText((before && !/\s$/.test(before) ? " " : "") + select.value, text.selectionStart, text.selectionEnd, "end");
    select.value = "";
    text.focus();
  });
}
