// Marks words that somebody selects in what was said, with the mouse or with the keys of the browser.
//
// An element with data-note="7" holds the words of note 7 and nothing else; its form has data-selected="7". While
// words of one note are selected, its form shows them and a button. Letters are counted as the server counts them:
// a sign that takes two units in the memory of a script is one letter.

const lettersOf = (text) => Array.from(text).length;

// How many letters stand in an element before a point in it.
function lettersBefore(element, node, offset) {
  const before = document.createRange();
  before.setStart(element, 0);
  before.setEnd(node, offset);
  return lettersOf(before.toString());
}

function noteOf(node) {
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-note]");
}

// The part of a range that lies in the note in which it begins; null where there is none, and where it ends in another
// note. Three clicks select all of a note, and in some browsers go on to the beginning of what stands below.
function withinNote(range) {
  const [note, last] = [noteOf(range.startContainer), noteOf(range.endContainer)];
  if (!note || (last && last !== note)) return null;
  const inside = range.cloneRange();
  if (!last) inside.setEnd(note, note.childNodes.length);
  return inside.toString().trim() ? inside : null;
}

// The note in which something is selected, and the letters; null where nothing is.
function readSelection() {
  const selection = document.getSelection();
  const inside = selection.isCollapsed ? null : withinNote(selection.getRangeAt(0));
  if (!inside) return null;
  const note = noteOf(inside.startContainer);
  return {
    key: note.dataset.note,
    words: inside.toString().trim(),
    starts: lettersBefore(note, inside.startContainer, inside.startOffset),
    ends: lettersBefore(note, inside.endContainer, inside.endOffset),
  };
}

function show(selected) {
  for (const form of document.querySelectorAll("[data-selected]")) {
    const isMeant = selected?.key === form.dataset.selected;
    // Whoever has come to the button has nothing selected any more in some browsers.
    if (!isMeant && form.contains(document.activeElement)) continue;
    form.hidden = !isMeant;
    if (!isMeant) continue;
    form.elements.starts.value = selected.starts;
    form.elements.ends.value = selected.ends;
    form.querySelector("[data-selected-words]").textContent = selected.words;
  }
}

document.addEventListener("selectionchange", () => show(readSelection()));
for (const button of document.querySelectorAll("[data-selected] button")) {
  // Pressing it would end the selection, and the button would go before it is pressed.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
}
