extension Collection<Double> {
    /// The middle value, or the mean of the two middle ones; not a number without values.
    package var median: Double {
        guard !isEmpty else { return .nan }
        let sorted = sorted()
        return (sorted[count / 2] + sorted[(count - 1) / 2]) / 2
    }
}
