using Conductor.Console.Clients;

namespace Conductor.Console.Forms;

/// <summary>What a service answers, handed on as a file.</summary>
internal static class Files
{
    public static IResult Answer(Fetched<string> fetched, string type) =>
        fetched.Has(out var text, out var failure)
            ? Results.Text(text, type)
            : Results.Text($"{failure.Service}: {failure.Message}\n", "text/plain", statusCode: failure.Status ?? StatusCodes.Status502BadGateway);

    /// <summary>Bytes that may be anything: always a file of its own, never shown as a page of the console.</summary>
    public static IResult Download(Fetched<byte[]> fetched, string name) =>
        fetched.Has(out var bytes, out var failure)
            ? Results.Bytes(bytes, "application/octet-stream", name)
            : Answer(new(Value: null, failure), "text/plain");
}
