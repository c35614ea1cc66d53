{{/* The labels by which the pods are found. */}}
{{- define "voltlane.selector" -}}
app.kubernetes.io/name: voltlane
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The labels of everything. */}}
{{- define "voltlane.labels" -}}
{{ include "voltlane.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* The port of an address such as 0.0.0.0:42000. */}}
{{- define "voltlane.port" -}}
{{- $port := regexFind "[0-9]+$" . -}}
{{- if not $port -}}
{{- fail (printf "config: %s (expected: an address with a port, such as 0.0.0.0:42000)" .) -}}
{{- end -}}
{{- $port -}}
{{- end }}
