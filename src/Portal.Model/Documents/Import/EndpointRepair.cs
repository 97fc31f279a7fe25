using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import;

/// <summary>Repairs of an endpoint's shape: the type, settings that stand beside their block, the shape of 2024-07-01-preview, the method.</summary>
internal sealed class EndpointRepair(ImportTree tree, bool isFragment, bool isOldVersion)
{
    private const string Authentication = "authentication";

    /// <summary>Member of the settings, <c>kafkaSettings</c> for example; null while the type is not known.</summary>
    private string? settings;

    private bool isOld = isOldVersion;

    public void Repair()
    {
        if (tree.Find("spec") is not JsonObject spec)
            return;
        Type(spec);
        if (settings is null)
            return;
        tree.Source = settings == "mqttSettings" ? Facts.MqttPage : Facts.KafkaPage;
        foreach (var name in spec.Select(member => member.Key).Where(name => name != settings && name is not ("endpointType" or "hostType") && !name.EndsWith("Settings", StringComparison.Ordinal)).ToArray())
            if (KnownShape.Endpoint.Names.IsKnown("spec", name))
                MoveIn(spec, name);
        OldNames();
        if (settings is "kafkaSettings" or "mqttSettings")
            Method();
        OldDefaults();
        PartitionKey();
    }

    private void Type(JsonObject spec)
    {
        var given = tree.Text("spec.endpointType");
        var blocks = spec.Where(member => member.Value is JsonObject && TypeOf(member.Key) is not null).Select(member => member.Key).ToList();
        if (given is null && spec["endpointType"] is null && blocks.Count == 1)
        {
            var type = TypeOf(blocks[0])!;
            if (!isFragment)
                tree.Warn("endpoint-type-missing", "spec.endpointType", $"The endpointType is missing: {blocks[0]} says {type}.", null, type);
            spec.Remove("endpointType");
            spec.Insert(0, "endpointType", type);
        }
        else if (given is not null && TypeOf(given) is { } right && right != given)
        {
            tree.Warn("endpoint-type", "spec.endpointType", $"The endpointType '{given}' is written '{right}'.", given, right);
            spec["endpointType"] = right;
        }
        settings = tree.Text("spec.endpointType") switch
        {
            nameof(Wire.Kafka) => "kafkaSettings",
            nameof(Wire.Mqtt) => "mqttSettings",
            { } other => EndpointJson.OtherTypes.GetValueOrDefault(other),
            null => null,
        };
        foreach (var block in blocks.Where(block => settings is not null && block != settings))
            tree.Warn("other-settings", "spec." + block, $"The settings {block} belong to another type: they are kept, and have no effect.", block, fix: "Remove them, or correct the endpointType.");
    }

    /// <summary>The type of a text that names it in any case, or by the name of its settings.</summary>
    private static string? TypeOf(string text)
    {
        var bare = text.EndsWith("Settings", StringComparison.OrdinalIgnoreCase) ? text[..^"Settings".Length] : text;
        return Enum.GetNames<Wire>().Concat(EndpointJson.OtherTypes.Keys).FirstOrDefault(type => type.Equals(bare, StringComparison.OrdinalIgnoreCase));
    }

    private void MoveIn(JsonObject spec, string name)
    {
        var path = "spec." + name;
        var there = JsonPaths.Find(tree.Root, $"spec.{settings}") is JsonObject block ? block[name] : null;
        if (there is null)
        {
            var code = name switch { "host" => "host-moved", Authentication => "authentication-moved", _ => "member-moved" };
            tree.Warn(code, path, $"{name} stands beside {settings}; it belongs into it.", path, $"spec.{settings}.{name}");
            tree.Move("spec", name, "spec." + settings, name);
            isOld |= name == Authentication;
        }
        else if (JsonNode.DeepEquals(there, spec[name]))
        {
            tree.Warn("member-twice", path, $"{name} stands beside {settings} and in it, with the same value; one is kept.", path, $"spec.{settings}.{name}");
            spec.Remove(name);
        }
        else
            tree.Error("member-twice", path, $"{name} stands beside {settings} and in it, with different values.", "Keep the right one in " + settings + ".");
    }

    private void OldNames()
    {
        var root = $"spec.{settings}.{Authentication}";
        RenameOld(root, "x509CredentialsSettings", "x509CertificateSettings");
        RenameOld(root + ".x509CertificateSettings", "certificateSecretRef", "secretRef");
        RenameOld(root + ".x509CertificateSettings", "certificateSecretName", "secretRef");
        RenameOld(root + ".saslSettings", "tokenSecretRef", "secretRef");
        RenameOld(root + ".saslSettings", "tokenSecretName", "secretRef");
        RenameOld(root + ".userAssignedManagedIdentitySettings", "audience", "scope");
        RenameOld($"spec.{settings}.tls", "trustedCaCertificateConfigMap", "trustedCaCertificateConfigMapRef");
        if (tree.Find(root + ".accessTokenSecretRef") is not null)
        {
            tree.Warn("old-shape", root + ".accessTokenSecretRef", "accessTokenSecretRef is the shape of 2024-07-01-preview.", "accessTokenSecretRef", "accessTokenSettings.secretRef");
            tree.Move(root, "accessTokenSecretRef", root + ".accessTokenSettings", "secretRef");
        }
    }

    private void RenameOld(string parent, string from, string to)
    {
        if (tree.Find(parent) is not JsonObject members || !members.ContainsKey(from))
            return;
        if (members.ContainsKey(to))
        {
            tree.Error("duplicate-member", $"{parent}.{from}", $"'{from}' is the old name of '{to}', and both stand here.", $"Keep {to} alone.", from);
            return;
        }
        tree.Warn("old-shape", $"{parent}.{from}", $"'{from}' is the name of earlier versions; today it is '{to}'.", from, to);
        ImportTree.Rename(members, tree.Position.Nearest(parent), from, to);
    }

    private void Method()
    {
        var root = $"spec.{settings}.{Authentication}";
        var path = root + ".method";
        if (tree.Find(root) is not JsonObject authentication || tree.Text(path) is not { } given)
            return;
        if (Enum.GetNames<SaslType>().FirstOrDefault(name => name.Equals(given, StringComparison.OrdinalIgnoreCase)) is { } saslType && settings == "kafkaSettings")
            SaslTypeAsMethod(authentication, root, given, saslType);
        else if (given.Equals("Kubernetes", StringComparison.OrdinalIgnoreCase))
            Set(authentication, "method-kubernetes", path, $"No version has the method '{given}': samples mean ServiceAccountToken by it.", given, nameof(AuthenticationMethod.ServiceAccountToken));
        else if (given.Equals("X509Credentials", StringComparison.OrdinalIgnoreCase))
            Set(authentication, "old-shape", path, $"'{given}' is the name of earlier versions; today it is X509Certificate.", given, nameof(AuthenticationMethod.X509Certificate));
        else if (given.Equals("None", StringComparison.OrdinalIgnoreCase))
            Set(authentication, "method-none", path, "The forms call the method None; its value is Anonymous.", given, nameof(AuthenticationMethod.Anonymous));
        else if (given.Equals("AccessToken", StringComparison.OrdinalIgnoreCase))
        {
            var wire = settings == "kafkaSettings" ? Wire.Kafka : Wire.Mqtt;
            var allowed = string.Join(", ", EndpointKind.All.Where(kind => kind.Wire == wire).SelectMany(kind => kind.AllMethods).Distinct().Order());
            tree.Error("method-access-token", path, $"A {wire} endpoint has no method AccessToken; Data Lake Storage alone has.", $"Choose one of {allowed}.", given);
            authentication.Remove("method");
        }
        foreach (var (name, _) in authentication.Where(member => member.Value is JsonObject && IsOfAnother(authentication, member.Key)))
            tree.Warn("other-method-settings", $"{root}.{name}", $"The settings {name} belong to another method: they are kept, and have no effect.", name, fix: "Remove them, or correct the method.");
    }

    private static bool IsOfAnother(JsonObject authentication, string member) =>
        Enum.TryParse<AuthenticationMethod>(ImportSource.TextOf(authentication["method"]), ignoreCase: true, out var method)
        && member.EndsWith("Settings", StringComparison.Ordinal) && member != Endpoints.Authentication.SettingsMemberOf(method);

    private void SaslTypeAsMethod(JsonObject authentication, string root, string given, string saslType)
    {
        var path = root + ".saslSettings.saslType";
        if (tree.Text(path) is { } other && !other.Equals(saslType, StringComparison.OrdinalIgnoreCase) && Placeholders.Find(other) is null)
        {
            tree.Error("method-sasl-type", root + ".method", $"The method is '{given}', which is a SASL type, and the saslType is '{other}': only one of them can be meant.", "Write method: Sasl, and the right one as saslType.", given);
            authentication.Remove("method");
            return;
        }
        Set(authentication, "method-sasl-type", root + ".method", $"'{given}' is a SASL type: the method is Sasl.", given, nameof(AuthenticationMethod.Sasl));
        if (tree.Text(path) is null)
            JsonPaths.Set(tree.Root, path, saslType);
    }

    private void Set(JsonObject authentication, string code, string path, string message, string before, string after)
    {
        tree.Warn(code, path, message, before, after);
        authentication["method"] = after;
    }

    /// <summary>Where the old shape had another default, leaving the member out now means something else.</summary>
    private void OldDefaults()
    {
        if (!isOld || settings is not ("kafkaSettings" or "mqttSettings") || isFragment)
            return;
        if (tree.Find($"spec.{settings}.tls.mode") is null)
            tree.Warn("old-default", $"spec.{settings}.tls.mode", "TLS was off by default in the shape of 2024-07-01-preview; today it is on unless tls.mode says Disabled.", "Disabled", "Enabled", "Write tls.mode.");
        if (settings == "kafkaSettings" && tree.Find("spec.kafkaSettings.copyMqttProperties") is null)
            tree.Warn("old-default", "spec.kafkaSettings.copyMqttProperties", "MQTT properties were not copied by default in the shape of 2024-07-01-preview; today they are.", "Disabled", "Enabled", "Write copyMqttProperties.");
    }

    private void PartitionKey()
    {
        const string path = "spec.kafkaSettings.partitionKeyProperty";
        if (settings == "kafkaSettings" && tree.Text(path) is not null && !string.Equals(tree.Text("spec.kafkaSettings.partitionStrategy"), nameof(PartitionStrategy.Property), StringComparison.OrdinalIgnoreCase))
            tree.Info("partition-key-unused", path, "The property is the key with the strategy Property alone; it is kept. No API version of Azure has this member.");
    }
}
