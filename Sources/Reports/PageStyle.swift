/// The style sheet of `PlotPage`. The colours are told apart with any kind of colour vision, after Okabe and Ito.
enum PageStyle {
    static let css = """
        :root { color-scheme: light dark; --page: #ffffff; --panel: #f7f8fa; --edge: #dfe3e8; --ink: #1b1f24;
          --soft: #57606a; --grid: #e4e7eb; --axis: #8b949e; --ideal: #6e7781; --caution: #a33b00; --notice: #fff4e5;
          --series0: #0072b2; --series1: #c44e00; --series2: #00805d; --series3: #9c4a7c;
          --part0: #0072b2; --part1: #56b4e9; --part2: #d55e00; --part3: #e6b000; --part4: #8c959f; }
        @media (prefers-color-scheme: dark) { :root { --page: #0f1318; --panel: #171c23; --edge: #2d343d; --ink: #e6eaef;
          --soft: #a0aab5; --grid: #29303a; --axis: #6b7683; --ideal: #98a3af; --caution: #ffab70; --notice: #33230f;
          --series0: #58b5ee; --series1: #f2914a; --series2: #35c79c; --series3: #e29cc4;
          --part0: #2f8fce; --part1: #a5d8f7; --part2: #e8702a; --part3: #f2cf4a; --part4: #7d8894; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 48px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
        h2 { font-size: 20px; margin: 36px 0 2px; }
        .about { margin: 0 0 12px; color: var(--soft); max-width: 80ch; }
        .notice { background: var(--notice); border-left: 4px solid var(--caution); border-radius: 4px;
          padding: 10px 16px; margin: 18px 0; }
        .notice ul { margin: 4px 0 0; padding-left: 20px; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
        figure { margin: 0 0 16px; padding: 14px 16px 8px; background: var(--panel); border: 1px solid var(--edge);
          border-radius: 8px; min-width: 0; }
        figcaption { font-weight: 600; margin-bottom: 6px; }
        svg { display: block; width: 100%; height: auto; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 4px 0 10px; font-size: 14px; }
        .legend span { display: inline-flex; align-items: center; gap: 6px; }
        svg.key { width: 28px; height: 16px; flex: none; }
        text { font-size: 13px; fill: var(--ink); }
        text.tick { fill: var(--soft); font-variant-numeric: tabular-nums; }
        text.title { fill: var(--soft); }
        text.caution { fill: var(--caution); font-weight: 600; paint-order: stroke; stroke: var(--panel);
          stroke-width: 4px; stroke-linejoin: round; }
        .middle { text-anchor: middle; }
        .end { text-anchor: end; }
        .grid { stroke: var(--grid); }
        .axis { stroke: var(--axis); }
        .ideal { stroke: var(--ideal); stroke-width: 1.5; stroke-dasharray: 6 5; }
        .curve { fill: none; stroke: currentColor; stroke-width: 2.25; stroke-linejoin: round; }
        .error { stroke: currentColor; stroke-width: 1.5; }
        .mark { fill: currentColor; stroke: var(--panel); stroke-width: 1.25; }
        .mark.hollow { fill: var(--panel); stroke: currentColor; stroke-width: 2.25; }
        .series0 { color: var(--series0); } .series1 { color: var(--series1); }
        .series2 { color: var(--series2); } .series3 { color: var(--series3); } .plain { color: var(--soft); }
        .part0 { fill: var(--part0); stroke: var(--part0); } .part1 { fill: var(--part1); stroke: var(--part1); }
        .part2 { fill: var(--part2); stroke: var(--part2); } .part3 { fill: var(--part3); stroke: var(--part3); }
        .part4 { fill: var(--part4); stroke: var(--part4); }
        rect[class^="part"] { stroke-width: 0; }
        g.hollow rect { fill-opacity: 0.22; stroke-width: 1.25; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--edge); white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; }
        th { color: var(--soft); font-weight: 600; }
        tr.marked td { color: var(--caution); font-style: italic; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 12px 0; font-size: 14px; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        """
}
