/// The colours and classes of plots, in light or dark as the reader's system asks for. Colours are told apart with any kind
/// of colour vision, after Okabe and Ito.
enum PlotStyle {
    static let css = """
        :root { color-scheme: light dark; --page: #ffffff; --panel: #f7f8fa; --edge: #dfe3e8; --ink: #1b1f24;
          --soft: #57606a; --grid: #e4e7eb; --axis: #8b949e; --ideal: #6e7781; --caution: #a33b00; --notice: #fff4e5;
          --series0: #0072b2; --series1: #c44e00; --series2: #00805d; --series3: #9c4a7c;
          --part0: #0072b2; --part1: #56b4e9; --part2: #d55e00; --part3: #e6b000; --part4: #8c959f; }
        @media (prefers-color-scheme: dark) { :root { --page: #0f1318; --panel: #171c23; --edge: #2d343d; --ink: #e6eaef;
          --soft: #a0aab5; --grid: #29303a; --axis: #6b7683; --ideal: #98a3af; --caution: #ffab70; --notice: #33230f;
          --series0: #58b5ee; --series1: #f2914a; --series2: #35c79c; --series3: #e29cc4;
          --part0: #2f8fce; --part1: #a5d8f7; --part2: #e8702a; --part3: #f2cf4a; --part4: #7d8894; } }
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
        """

    /// The system's own letters, where they are drawn.
    static let fonts = "system-ui, -apple-system, \"Segoe UI\", \"DejaVu Sans\", Arial, sans-serif"
}
