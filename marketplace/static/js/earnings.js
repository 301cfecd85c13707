/* Draws each month's earnings; the table under it says the same and is there without this. */
const BAR_SHARE = 0.35;
const LABEL_WIDTH = 84; // pixels that the name of a month needs
const AXIS_WIDTH = 80;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { ink: of("--soft"), line: of("--line"), earned: of("--spruce"), sent: of("--edge") };
}

/* The months that have room for their names: each, or every second, third… counted from the last one. */
function named(months, width) {
  const step = Math.ceil((months.length * LABEL_WIDTH) / Math.max(1, width - AXIS_WIDTH));
  return months.map((_name, number) => number).filter((number) => (months.length - 1 - number) % step === 0);
}

function options(data, width) {
  const { ink, line, earned, sent } = colours();
  const money = new Intl.NumberFormat(data.language === "fr" ? "fr-CA" : "en-CA", { style: "currency", currency: data.currency, maximumFractionDigits: 0 });
  const bars = (share, align) => uPlot.paths.bars({ size: [share, 46], align, gap: 1 });
  const axis = { stroke: ink, font: "14px system-ui, sans-serif", ticks: { show: false }, grid: { show: false } };
  const series = (label, colour, align) => ({ label, fill: colour, stroke: colour, width: 0, points: { show: false }, paths: bars(BAR_SHARE, align), value: (_chart, value) => (value === null ? "–" : money.format(value)) });
  return {
    width,
    height: 220,
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false, range: [-0.6, data.months.length - 0.4] }, y: { range: (_chart, least, most) => [Math.min(0, least), Math.max(10, most * 1.1)] } },
    axes: [
      { ...axis, splits: (chart) => named(data.months, chart.width), values: (_chart, splits) => splits.map((number) => data.months[number]) },
      { ...axis, size: AXIS_WIDTH, grid: { stroke: line, width: 1 }, values: (_chart, splits) => splits.map((value) => money.format(value)) },
    ],
    series: [{ label: data.names[2], value: (_chart, number) => data.months[number] ?? "–" }, series(data.names[0], earned, -1), series(data.names[1], sent, 1)],
  };
}

for (const box of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(box.dataset.chart);
  const rows = [data.months.map((_name, number) => number), data.earned, data.sent];
  let chart;
  const draw = () => {
    chart?.destroy();
    chart = new uPlot(options(data, box.clientWidth), rows, box);
  };
  draw();
  new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: 220 })).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
