namespace Conductor.Alerts;

/// <summary>An alert that nobody observed.</summary>
/// <param name="ObjectId">Its object: the key that keeps an object's alerts in order.</param>
/// <param name="Candid">Its id; exceeds 2^53.</param>
/// <param name="SolarSystemName">Designation of the object of the solar system near it, or null.</param>
/// <param name="Datum">The alert in Avro, without a schema.</param>
public sealed record GeneratedAlert(string ObjectId, long Candid, string? SolarSystemName, ReadOnlyMemory<byte> Datum);
