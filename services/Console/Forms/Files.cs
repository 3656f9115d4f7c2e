using Conductor.Console.Clients;

namespace Conductor.Console.Forms;

/// <summary>Text of a service handed on as a file.</summary>
internal static class Files
{
    public static IResult Answer(Fetched<string> fetched, string type) =>
        fetched.Has(out var text, out var failure)
            ? Results.Text(text, type)
            : Results.Text($"{failure.Service}: {failure.Message}\n", "text/plain", statusCode: failure.Status ?? StatusCodes.Status502BadGateway);
}
