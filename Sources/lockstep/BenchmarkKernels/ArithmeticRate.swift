import Reports

/// Arithmetic over time, against what the machine does at most.
package struct ArithmeticRate: Sendable, Hashable {
    /// 10⁹ operations per second that the products carry out.
    package let gflops: Double
    /// 10⁹ operations per second that they would carry out by their definition in the same time.
    package let directGflops: Double
    /// `gflops` over the peak of one core.
    package let peakRatio: Double

    /// The rate of so many operations; nil where there are none, and where no time has passed.
    package init?(operations: Int, directOperations: Int, seconds: Double, peak: Double) {
        guard operations > 0, seconds > 0, peak > 0 else { return nil }
        gflops = Double(operations) / seconds * 1e-9
        directGflops = Double(directOperations) / seconds * 1e-9
        peakRatio = Double(operations) / seconds / peak
    }

    /// The columns that `cells` fills.
    static let columns: [Table.Column] = [
        .init("GFLOP/s", .right), .init("Of peak", .right), .init("Direct", .right),
    ]

    /// The texts of a row, dashes where there is no rate.
    static func cells(_ rate: ArithmeticRate?) -> [String] {
        guard let rate else { return columns.map { _ in "-" } }
        return [
            NumberFormat.rate(rate.gflops), NumberFormat.percentage(rate.peakRatio),
            NumberFormat.rate(rate.directGflops),
        ]
    }
}
