using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint on which a resource listens.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP, or UDP.</param>
    /// <param name="uriScheme">Scheme of its URL; the protocol's name when null.</param>
    /// <param name="transport">Application protocol; the scheme when null.</param>
    /// <param name="name">Name; the scheme when null.</param>
    /// <param name="port">Public port; one that is free when null.</param>
    /// <param name="targetPort">Port on which the process listens; the public port, or a free one behind a front port, when null.</param>
    /// <param name="isExternal">Whether it is meant for users from outside.</param>
    /// <param name="isProxied">Whether a front port may stand before the process.</param>
    public EndpointAnnotation(ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null,
        int? port = null, int? targetPort = null, bool? isExternal = null, bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? (protocol == ProtocolType.Udp ? "udp" : "tcp");
        Transport = transport ?? UriScheme;
        Name = name ?? UriScheme;
        (Port, TargetPort, IsExternal, IsProxied) = (port, targetPort, isExternal ?? false, isProxied);
    }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>Scheme of the URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>Application protocol.</summary>
    public string Transport { get; set; }

    /// <summary>Name, unique within the resource.</summary>
    public string Name { get; set; }

    /// <summary>Public port.</summary>
    public int? Port { get; set; }

    /// <summary>Port on which the process listens.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Address on which the process listens.</summary>
    public string TargetHost { get; set; } = "127.0.0.1";

    /// <summary>Whether it is meant for users from outside.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a front port may stand before the process.</summary>
    public bool IsProxied { get; set; }

    /// <summary>The address that was given to it; null until the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    /// <summary>Name of the variable that carries the port to the process.</summary>
    internal string? PortVariable { get; init; }
}

/// <summary>The address that was given to an endpoint.</summary>
public class AllocatedEndpoint
{
    /// <summary>Gives an address.</summary>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port) => (Endpoint, Address, Port) = (endpoint, address, port);

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Host part.</summary>
    public string Address { get; }

    /// <summary>Public port.</summary>
    public int Port { get; }

    /// <summary>Scheme of the URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary><c>host:port</c></summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary><c>scheme://host:port</c></summary>
    public string UriString => $"{UriScheme}://{EndPointString}";
}
