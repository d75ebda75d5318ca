/// How progress is shown.
public enum ProgressStyle: Sendable {
    /// One line that is drawn over and over on a terminal; the closure gives its width in characters.
    case live(columns: @Sendable () -> Int)
    /// Lines that stay, for files and logs: at each tenth of an epoch but at least `shortestGap` seconds after the
    /// line before, and in any case once `longestGap` seconds have passed.
    case plain(shortestGap: Double, longestGap: Double)
    /// Nothing at all.
    case quiet

    /// Plain lines at a pace that suits logs: no more than one in five seconds, no less than one a minute.
    public static let log = ProgressStyle.plain(shortestGap: 5, longestGap: 60)
}
