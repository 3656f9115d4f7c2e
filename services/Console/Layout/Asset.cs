using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Conductor.Console.Layout;

/// <summary>Files embedded in the assembly; their address holds a hash of their content, so browsers may keep them for ever.</summary>
internal sealed record Asset(byte[] Content, string Type, string Hash)
{
    private const string Prefix = "Assets/";
    private static readonly FrozenDictionary<string, Asset> All = typeof(Asset).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Load, StringComparer.Ordinal);

    public static string Url(string name) => $"/assets/{name}?v={All[name].Hash}";

    public static void MapAssets(IEndpointRouteBuilder app) => app.MapGet("/assets/{name}", (HttpContext context, string name) =>
    {
        if (!All.TryGetValue(name, out var asset))
            return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Content, asset.Type);
    }).AllowAnonymous();

    private static Asset Load(string resource)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException($"The assembly holds no {resource}.", resource);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        return new(
            bytes,
            new FileExtensionContentTypeProvider().TryGetContentType(resource, out var type) ? type : "application/octet-stream",
            Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6)));
    }
}
