/** The part of the style sheet that only the status has. */
export const pageStyle = `
.verdict{font-size:1.6rem;line-height:1.2;font-weight:700;margin:.25rem 0;padding:.5rem .75rem;border:3px solid;border-radius:8px}
.asked{font-size:1.05rem}
h4{font-size:.875rem;margin:.75rem 0 .25rem;color:var(--quiet)}
em{font-style:normal}
.verdict.ill,em.ill{color:var(--bad)}
.verdict.unknown,em.unknown{color:var(--warn)}
.verdict.well,em.well{color:var(--fine)}
.groups{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:0 1.5rem}
.group h3{font-size:1rem}
.group.ill,.host.ill{border-color:var(--bad)}
.group.unknown,.host.unknown{border-color:var(--warn)}
.host{border-width:2px}
.bar{height:.6rem;border:1px solid var(--quiet);border-radius:3px;overflow:hidden}
.bar .full{display:block;height:100%;background:var(--quiet)}
.host.ill .full{background:var(--bad)}
.units{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(8rem,1fr));gap:.4rem}
.unit{border:2px solid var(--fine);border-radius:6px;padding:.2rem .45rem;background:var(--paper);break-inside:avoid}
.unit b,.unit span{display:block;line-height:1.3}
.unit span{font-size:.8rem;color:var(--fine)}
.unit.ill{border:4px double var(--bad)}
.unit.ill span{color:var(--bad);font-weight:700}
.unit.unknown{border-style:dashed;border-color:var(--warn)}
.unit.unknown span{color:var(--warn);font-weight:700}
@media print{table{font-size:7pt}td,thead th{overflow-wrap:normal;padding-right:.4rem}.groups{display:block}}
@media (min-width:110rem){body{max-width:none;padding:1.5rem 2.5rem;font-size:1.25rem}.verdict{font-size:2.6rem}table{font-size:1rem}}
`;
