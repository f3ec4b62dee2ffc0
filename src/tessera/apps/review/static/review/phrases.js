// Puts a phrase into the text by a button, or by Enter while one chooses it. To choose alone changes nothing: with the
// arrow keys one passes every phrase on the way. Without this, and where it stays chosen, it is sent along and stands
// before the text.
//
// <div data-phrases="id of the text field">…<select>…<button type="button" hidden>…</div>

for (const part of document.querySelectorAll("[data-phrases]")) {
  const select = part.querySelector("select");
  const button = part.querySelector("button");
  const text = document.getElementById(part.dataset.phrases);
  const put = () => {
    if (!select.value) return select.focus();
    const before = text.value.slice(0, text.selectionStart);
    const phrase = (before && !/\s$/.test(before) ? " " : "") + select.value;
    text.setRangeText(phrase, text.selectionStart, text.selectionEnd, "end");
    select.value = "";
    text.focus();
  };
  button.hidden = false;
  button.addEventListener("click", put);
  select.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !select.value) return;
    // Or the browser would send the form.
    event.preventDefault();
    put();
  });
}
