using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.KubernetesServer;

/// <summary>
/// OpenAPI v2 in protobuf, which is all that kubectl before 1.27 reads: which kinds take a dry run, and the schemas of custom
/// resources for explain. Field numbers are those of gnostic's openapi_v2.proto.
/// </summary>
internal static class OpenApiV2
{
    public static async Task AnswerAsync(HttpContext http, IReadOnlyList<ResourceType> types)
    {
        http.Response.ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
        await http.Response.Body.WriteAsync(Document(types), http.RequestAborted);
    }

    private static byte[] Document(IReadOnlyList<ResourceType> types)
    {
        var (paths, definitions) = (new Message(), new Message());
        foreach (var type in types)
        {
            foreach (var version in type.Versions)
            {
                var kind = $"group: \"{type.Group}\"\nversion: {version}\nkind: {type.Kind}\n";
                var place = (type.Group.Length == 0 ? $"/api/{version}" : $"/apis/{type.Group}/{version}") + (type.IsNamespaced ? "/namespaces/{namespace}/" : "/") + type.Plural + "/{name}";
                var dryRun = new Message().Text(2, "query").Text(4, "dryRun").Text(6, "string");
                var patch = new Message().Add(8, new Message().Add(1, new Message().Add(2, new Message().Add(3, dryRun)))).Add(13, Extension("x-kubernetes-group-version-kind", kind));
                paths.Add(2, new Message().Text(1, place).Add(2, new Message().Add(8, patch)));
                if (type.IsCustom)
                {
                    var schema = Schema(type.Schema.Root).Add(31, Extension("x-kubernetes-group-version-kind", "- " + kind.TrimEnd('\n').Replace("\n", "\n  ", StringComparison.Ordinal) + "\n"));
                    definitions.Add(1, new Message().Text(1, $"{string.Join('.', type.Group.Split('.').Reverse())}.{version}.{type.Kind}").Add(2, schema));
                }
            }
        }
        return new Message().Text(1, "2.0").Add(2, new Message().Text(1, "Kubernetes").Text(2, "v1.32.13")).Add(8, paths).Add(9, definitions).ToArray();
    }

    private static Message Schema(JsonObject node)
    {
        var schema = new Message();
        if (node.At("description") is { } description)
            schema.Text(4, description);
        if (node.At("type") is { } type)
            schema.Add(22, new Message().Text(1, type));
        foreach (var name in node["required"] as JsonArray ?? [])
            schema.Text(19, (string)name!);
        if (node["items"] is JsonObject items)
            schema.Add(23, new Message().Add(1, Schema(items)));
        if (node["properties"] is JsonObject properties)
        {
            var members = new Message();
            foreach (var (name, member) in properties)
                members.Add(1, new Message().Text(1, name).Add(2, Schema(member!.AsObject())));
            schema.Add(25, members);
        }
        return schema;
    }

    private static Message Extension(string name, string yaml) => new Message().Text(1, name).Add(2, new Message().Text(2, yaml));

    /// <summary>A protobuf message of length-delimited fields.</summary>
    private sealed class Message
    {
        private readonly MemoryStream bytes = new();

        public Message Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

        public Message Add(int field, Message message) => Bytes(field, message.ToArray());

        public byte[] ToArray() => bytes.ToArray();

        private Message Bytes(int field, byte[] content)
        {
            Number(((uint)field << 3) | 2);
            Number((uint)content.Length);
            bytes.Write(content);
            return this;
        }

        private void Number(uint number)
        {
            for (; number > 127; number >>= 7)
                bytes.WriteByte((byte)(number | 128));
            bytes.WriteByte((byte)number);
        }
    }
}
