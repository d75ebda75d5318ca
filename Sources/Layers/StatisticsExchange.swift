/// How a layer asks for a sum over the samples of all ranks.
public protocol StatisticsExchange: AnyObject {
    /// The sum over every granule of the global batch.
    ///
    /// - Parameters:
    ///   - partials: this rank's sums, one run of `width` values per subtree of its granules, left to right.
    ///   - width: the number of values in a run.
    /// - Returns: `width` values, the same bits on every rank.
    func sum(_ partials: [Double], width: Int) throws -> [Double]
}
