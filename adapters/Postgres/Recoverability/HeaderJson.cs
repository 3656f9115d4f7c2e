using System.Text.Json;
using Conductor.Domain.Recoverability.Failures;

namespace Conductor.Postgres.Recoverability;

/// <summary>Headers as they are stored: a list of name, kind and text, in their order.</summary>
internal static class HeaderJson
{
    public static string Write(IReadOnlyList<MessageHeader> headers) =>
        JsonSerializer.Serialize(headers.Select(h => new[] { Statements.Storable(h.Name), h.Kind.ToString(), Statements.Storable(h.Text) }));

    public static IReadOnlyList<MessageHeader> Read(string json) =>
        [.. JsonSerializer.Deserialize<string[][]>(json)!.Select(h => new MessageHeader(h[0], h[2], Enum.Parse<HeaderKind>(h[1])))];
}
