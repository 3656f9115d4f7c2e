using Microsoft.AspNetCore.Http;

namespace Conductor.ServiceDefaults.Http;

/// <summary>Reads bodies of requests.</summary>
public static class RequestBytes
{
    private const int FirstGuess = 4095;

    /// <summary>The whole body; an empty one has no bytes. The server's own limit, 10 MiB, goes before <paramref name="most"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <exception cref="BadHttpRequestException">It is too long (413), or breaks off or off the rules of its encoding (400).</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, long most = RequestLimits.LargestBody)
    {
        // One more than is announced: the read that finds the end needs room as well.
        var bytes = new byte[1 + (int)Math.Clamp(request.ContentLength ?? FirstGuess, 0, Math.Min(most, 1024 * 1024))];
        var length = 0;
        try
        {
            while (await request.Body.ReadAsync(bytes.AsMemory(length), request.HttpContext.RequestAborted) is var read and > 0)
            {
                length += read;
                if (length > most)
                    throw new BadHttpRequestException($"the body is too long; at most {most} bytes are allowed", StatusCodes.Status413PayloadTooLarge);
                if (length == bytes.Length) Array.Resize(ref bytes, 2 * length);
            }
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"the body cannot be read: {e.Message}", StatusCodes.Status400BadRequest, e);
        }
        return bytes.AsMemory(0, length);
    }
}
