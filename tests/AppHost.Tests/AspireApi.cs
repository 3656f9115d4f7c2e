using System.Reflection;

namespace Conductor.AppHost.Tests;

/// <summary>Lists what the assembly makes public in the namespaces of Aspire: types, members, and the names of their parameters.</summary>
internal static class AspireApi
{
    public static IEnumerable<string> Describe() => typeof(DistributedApplication).Assembly.GetExportedTypes()
        .Where(t => t.Namespace is { } n && (n == "Aspire" || n.StartsWith("Aspire.", StringComparison.Ordinal)))
        .SelectMany(t => Members(t).Prepend(t.FullName!)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum) return Enum.GetNames(type).Select(n => $"{type.FullName}.{n}");
        var methods = type.GetMethods(declared).Where(m => !m.IsSpecialName && m.GetBaseDefinition().DeclaringType != typeof(object)).Select(m => $"{type.FullName}.{m.Name}({Names(m)})");
        var constructors = type.IsAbstract ? [] : type.GetConstructors().Select(c => $"{type.FullName}({Names(c)})");
        var properties = type.GetProperties(declared).Select(p => $"{type.FullName}.{p.Name}");
        var fields = type.GetFields(declared).Select(f => $"{type.FullName}.{f.Name}");
        return [.. methods, .. constructors, .. properties, .. fields];
    }

    private static string Names(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => p.Name));
}
