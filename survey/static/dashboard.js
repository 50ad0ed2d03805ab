/* Draws the charts of a dashboard anew with Plotly where the window is wide enough; without this the server's drawings stay. */
(() => {
  "use strict";
  const library = document.currentScript.dataset.library;
  const drawn = [...document.querySelectorAll("[data-plot]")].filter(each => each.dataset.plot);
  if (!drawn.length || !matchMedia("(min-width: 48rem)").matches) return;

  // Plotly writes attributes named style, which our policy forbids; the same through the style object is allowed.
  const write = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (String(name).toLowerCase() === "style") this.style.cssText = value;
    else write.call(this, name, value);
  };

  const settings = { displayModeBar: false, displaylogo: false, responsive: true, showLink: false, plotlyServerURL: "" };
  const family = getComputedStyle(document.body).fontFamily;

  function show(from) {
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", from.dataset.words);
    from.after(plot);
    from.hidden = true;
    const { data, layout } = JSON.parse(from.dataset.plot);
    layout.font.family = family;
    return Plotly.newPlot(plot, data, layout, settings).catch(() => {
      plot.remove();
      from.hidden = false;
    });
  }

  const script = document.createElement("script");
  script.src = library;
  script.addEventListener("load", () => Promise.all(drawn.map(show)).then(() => {
    document.documentElement.dataset.drawn = drawn.length;
  }));
  document.head.append(script);
})();
