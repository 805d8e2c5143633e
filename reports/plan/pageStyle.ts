/** The part of the style sheet that only the plan has. */
export const pageStyle = `
.r0{background:#9ecae9}.r1{background:#ffcf86}.r2{background:#a8d8a0}.r3{background:#dcbcea}.r4{background:#f4b6c2}.r5{background:#d3d79e}
.box{display:flex;width:100%;aspect-ratio:2.4;border:2px solid var(--ink);border-radius:4px;overflow:hidden}
.used{position:relative;flex:none;height:100%}
.free{flex:none;background:repeating-linear-gradient(45deg,transparent 0 7px,var(--line) 7px 8px)}
.reserve{flex:1;background:#8a929d}
.tile{position:absolute;overflow:hidden;border:1px solid #fff;color:#14171a;container-type:size}
.tile b{display:block;padding:2px 4px;font-size:.75rem;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
@container (max-width:34px) or (max-height:18px){.tile b{display:none}}
.tile.added,.swatch.added{outline:3px solid var(--added,#1d6b3a);outline-offset:-3px}
.tile.in-place,.tile.none,.swatch.in-place{outline:3px dotted #1c2024;outline-offset:-3px}
.swatch.added,.swatch.in-place,.swatch.interrupts,.swatch.destroys{width:1.3em;height:1.3em;background:#e4e7eb}
.tile.interrupts,.swatch.interrupts{outline:3px dashed #7a4700;outline-offset:-3px}
.tile.destroys,.swatch.destroys{outline:4px double #b3261e;outline-offset:-4px}
.chip{font-size:.875rem}
.chip em{font-style:normal;font-weight:600}
.chip.added em,.chip.in-place em{color:var(--fine)}
.chip.interrupts em,.effect.interrupts{color:var(--warn)}
.chip.destroys em,.effect.destroys{color:var(--bad)}
.effect{font-weight:700}
.effect.in-place{color:var(--fine)}
.effect.none{color:var(--quiet)}
.group.destroys{border-color:var(--bad)}
.group.interrupts{border-color:var(--warn)}
.group.in-place{border-color:var(--fine)}
`;
