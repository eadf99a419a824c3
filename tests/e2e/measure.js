// Puts one state after the other in place of the live one, and measures what a person in the room would see of it.
states => {
  const root = document.documentElement, page = document.getElementById("live");
  const region = page.querySelector("[data-live=state]");
  const isWall = root.classList.contains("beamer"), near = 1.5;

  const hasSize = box => box.width > 0 && box.height > 0;
  const short = text => text.trim().replace(/\s+/g, " ").slice(0, 40);
  // Letters are lower than their line; without this, two lines that merely stand close would count as one.
  const core = ({ left, right, top, bottom, height }) => ({ left, right, top: top + height * 0.2, bottom: bottom - height * 0.2 });
  const isInside = (box, around) =>
    box.left >= around.left - near && box.right <= around.right + near &&
    box.top >= around.top - near && box.bottom <= around.bottom + near;
  const isOver = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > near &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > near;

  // Every piece of text that shows, with a box for each of its lines.
  function findWords() {
    const words = [], walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node; node = walker.nextNode();) {
      let block = node.parentElement;
      if (!node.data.trim() || !block.checkVisibility() || block.closest(".hidden-text")) continue;
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter(hasSize).map(core);
      while (getComputedStyle(block).display === "inline") block = block.parentElement;
      if (boxes.length) words.push({ name: short(node.data), boxes, block });
    }
    return words;
  }

  function findDrawings() {
    return [...page.querySelectorAll("svg:not(.letter svg), .letter, .stage-practice")]
      .map(part => ({ name: part.getAttribute("class") || "svg", of: part, box: part.getBoundingClientRect() }))
      .filter(({ of, box }) => hasSize(box) && of.checkVisibility());
  }

  function findFaults() {
    const faults = [], words = findWords();
    const things = words.flatMap(({ name, boxes, block }) => boxes.map(box => ({ name, of: block, box })));
    things.push(...findDrawings());

    if (root.scrollWidth > innerWidth) faults.push(`${root.scrollWidth} wide`);
    if (isWall && root.scrollHeight > innerHeight) faults.push(`${root.scrollHeight} high`);
    if (![...page.querySelectorAll("h1")].some(heading => heading.checkVisibility())) faults.push("no heading");

    // A phone scrolls up and down; a beamer never scrolls.
    const screen = { left: 0, right: innerWidth, top: isWall ? 0 : -Infinity, bottom: isWall ? innerHeight : Infinity };
    things.filter(({ box }) => !isInside(box, screen)).forEach(({ name }) => faults.push(`outside the screen: ${name}`));
    words.forEach(({ name, boxes, block }) => {
      const around = block.getBoundingClientRect(), style = getComputedStyle(block);
      if (!boxes.every(box => isInside(box, around))) faults.push(`outside its box: ${name}`);
      if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") faults.push(`shortened: ${name}`);
    });
    page.querySelectorAll("*:not(svg, svg *)").forEach(part => {
      const isFull = part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1;
      if (!part.clientWidth || !isFull || part.closest(".hidden-text")) return;
      if (getComputedStyle(part).overflow !== "visible") faults.push(`cut: ${short(part.textContent)}`);
    });
    things.forEach((one, place) => things.slice(place + 1).forEach(other => {
      const letter = one.of.closest(".letter");
      const isOneThing = one.of === other.of || letter && letter === other.of.closest(".letter");
      if (!isOneThing && isOver(one.box, other.box)) faults.push(`${one.name} over ${other.name}`);
    }));
    return faults;
  }

  return Object.entries(states).map(([name, html]) => {
    region.innerHTML = html;
    if (isWall) dispatchEvent(new Event("resize")); // the page's own fit()
    else {
      region.querySelectorAll("[data-voted=no] .choose").forEach(part => { part.open = true; });
      // What floats at the bottom may cover an answer on the way there, but not at the end.
      scrollTo(0, root.scrollHeight);
    }
    return { name, step: +root.dataset.fit || 0, faults: findFaults().slice(0, 4) };
  });
}
