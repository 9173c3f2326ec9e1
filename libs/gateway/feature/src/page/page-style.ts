/** Everything the page looks like. Plain, so that it prints the same everywhere; a page is A4 or Letter. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 2rem; font: 15px/1.45 "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; color: #1a1a1a; background: #fff; overflow-wrap: anywhere; }
header { display: flex; justify-content: space-between; gap: 2rem; align-items: flex-start; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
address { font-style: normal; text-align: right; }
.status { display: inline-block; margin-top: .6rem; padding: .15rem .6rem; border: 1px solid currentColor; border-radius: .3rem; font-size: .85rem; font-weight: 600; }
.open { color: #8a4b00; } .paid { color: #1b6e33; } .void { color: #8b1a1a; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 1.6rem 0; }
dt { color: #666; } dd { margin: 0; }
.key { font: .8rem/1.5 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; } .item { width: 40%; } th.amount { width: 7.5rem; }
.dense td { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
th, td { text-align: left; vertical-align: baseline; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid #ddd; }
th { color: #666; font-weight: 600; font-size: .85rem; }
.amount { text-align: right; white-space: nowrap; padding-right: 0; font-variant-numeric: tabular-nums; }
.about { color: #666; font-size: .85rem; }
tfoot td { border-bottom: 0; } tfoot .total td { font-weight: 700; font-size: 1.1rem; border-top: 2px solid #1a1a1a; }
.pay { margin-top: 1.6rem; } a { color: #0b4f9e; }
@page { margin: 16mm; }
@media print {
  html { font-size: 12px; }
  body { max-width: none; padding: 0; font-size: 10pt; line-height: 1.3; }
  .dense { font-size: 9pt; }
  th, td { padding-top: .2rem; padding-bottom: .2rem; }
  tr, header, dl { break-inside: avoid; }
}
`;
