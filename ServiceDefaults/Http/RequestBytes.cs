using Microsoft.AspNetCore.Http;

namespace Conductor.ServiceDefaults.Http;

/// <summary>Reads bodies of requests.</summary>
public static class RequestBytes
{
    /// <summary>The whole body; an empty one has no bytes. The server's own limit, 10 MiB, goes before <paramref name="most"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <exception cref="BadHttpRequestException">It is too long (413), or breaks off or off the rules of its encoding (400).</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, long most = RequestLimits.LargestBody)
    {
        using var buffer = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, Math.Min(most, 1024 * 1024)));
        try
        {
            var chunk = new byte[16 * 1024];
            while (await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted) is var read and > 0)
            {
                buffer.Write(chunk.AsSpan(0, read));
                if (buffer.Length > most)
                    throw new BadHttpRequestException($"the body is too long; at most {most} bytes are allowed", StatusCodes.Status413PayloadTooLarge);
            }
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"the body cannot be read: {e.Message}", StatusCodes.Status400BadRequest, e);
        }
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
