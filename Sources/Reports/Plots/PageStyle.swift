/// The style sheet of `PlotPage`: that of plots, and how they, tables and text are laid out.
enum PageStyle {
    static let css =
        PlotStyle.css + """

            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--ink);
              font: 16px/1.5 \(PlotStyle.fonts); }
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
