using System.Text.Json;

namespace Conductor.Console.Clients;

/// <summary>How answers of the services are read.</summary>
internal static class ServiceJson
{
    // Inputs and outputs nest as deep as the workflows service stores them, in an answer around them.
    private const int Deepest = 2_100;

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { MaxDepth = Deepest };
}
