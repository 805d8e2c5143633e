/** What every page of ours looks like. Colours carry no meaning alone: words stand beside each. */
export const style = `
:root{color-scheme:light dark;--ink:#1c2024;--paper:#fff;--quiet:#5a6370;--line:#c9ced6;--panel:#f5f6f8;--bad:#b3261e;--warn:#9a5b00;--fine:#1d6b3a}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16191d;--quiet:#a4adb9;--line:#3c434d;--panel:#1f242a;--bad:#ff8a80;--warn:#ffc266;--fine:#7fd79b}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:75rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.3rem;margin:2rem 0 .5rem;padding-top:1rem;border-top:2px solid var(--line)}
h3{font-size:1.05rem;margin:0}
h2+h3,p+h3,div+h3{margin-top:1.5rem}
p{margin:.35rem 0 .75rem}
small,.quiet,.host>p{color:var(--quiet);font-size:.875rem}
ul{margin:.25rem 0;padding-left:1.25rem}
.legend,.chips{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.35rem .75rem;margin:.5rem 0}
.swatch{display:inline-block;width:.85em;height:.85em;margin-right:.35em;border:1px solid #0006;border-radius:2px;vertical-align:-.05em}
.hosts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:1rem}
.host{border:1px solid var(--line);border-radius:8px;padding:.75rem;background:var(--panel);break-inside:avoid}
.group{border-left:4px solid var(--line);padding:.15rem 0 .15rem .75rem;margin:.75rem 0;break-inside:avoid}
.problem{border-left:4px solid var(--bad);padding-left:.75rem}
table{border-collapse:collapse;width:100%;font-size:.875rem;margin:1rem 0}
caption{text-align:left;font-weight:700;font-size:1.05rem;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}
thead th{white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums}
.number+:not(.number){padding-left:1rem}
@media (max-width:40rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
th[scope=row]{display:block;border:0;font-size:1rem}
td,td.number{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;text-align:right}
.number+:not(.number){padding-left:0}
td::before{content:attr(data-head);color:var(--quiet);text-align:left}
}
@media print{
:root{color-scheme:light;--ink:#000;--paper:#fff;--quiet:#444;--line:#bbb;--panel:#fff;--bad:#b3261e;--warn:#7a4700;--fine:#1d6b3a}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{max-width:none;padding:0;font-size:10pt}
.hosts{grid-template-columns:1fr 1fr}
thead{display:table-header-group}
tr,h2,h3{break-inside:avoid;break-after:auto}
h2,h3{break-after:avoid}
}
`;
