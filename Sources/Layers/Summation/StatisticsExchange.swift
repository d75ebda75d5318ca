/// How a layer asks for a sum over the samples of all ranks.
public protocol StatisticsExchange: AnyObject {
    /// Starts the sum over every granule of the global batch; what it returns waits for it.
    ///
    /// Every rank starts the same sums and waits for them in the same order. Whatever lies between a start and its wait
    /// hides what messages and slower ranks cost.
    ///
    /// - Parameters:
    ///   - partials: this rank's sums, one run of `width` values per subtree of its granules, left to right.
    ///   - width: the number of values in a run.
    /// - Returns: a function, to be called once, that gives `width` values, the same bits on every rank.
    func startSum(_ partials: [Double], width: Int) throws -> () throws -> [Double]
}
