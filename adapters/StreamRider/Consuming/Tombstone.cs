namespace MassTransit;

/// <summary>
/// What a record without a value says: of its key there is nothing any more. A topic endpoint brings it to consumers of this type with the endpoint's
/// key type; without one, such records are skipped like everything that no consumer takes.
/// </summary>
/// <typeparam name="TKey">The endpoint's key type.</typeparam>
/// <param name="Key">The key; the default of its type where the record has none.</param>
public sealed record Tombstone<TKey>(TKey? Key);
