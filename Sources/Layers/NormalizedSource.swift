/// A layer that can take the sums its successor's batch normalisation needs while its output is still in cache.
protocol NormalizedSource: Layer {
    /// The sums to take; set when the layer behind it normalises.
    var outputMoments: OutputMoments? { get set }
}
