using System.IO.Compression;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.ServiceDefaults.Http;

/// <summary>How answers are written: JSON as it reads, compressed for those who ask for it.</summary>
internal static class AnswerDefaults
{
    public static void AddAnswerDefaults(this IServiceCollection services)
    {
        // Bodies are JSON and say so (nosniff): what HTML would need escaped is written as it is.
        services.ConfigureHttpJsonOptions(http => http.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        services.AddResponseCompression(compression => compression.MimeTypes = ["application/json", "application/problem+json"]);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseAnswerDefaults(this IApplicationBuilder app)
    {
        app.Use(next => context =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        // What is read by people is worth it; small answers to workers, thousands a second, are not.
        app.UseWhen(
            context => HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api/tasks/poll", StringComparison.Ordinal),
            read => read.UseResponseCompression());
    }
}
