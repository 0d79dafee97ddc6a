import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { entries } from './build/entries.ts'
import { localIcons } from './build/localIcons.ts'
import { precompress } from './build/precompress.ts'
import { slimFont } from './build/slimFont.ts'
import { strictStyles } from './build/strictStyles.ts'

/** The API's address in development. */
const api = process.env['ROSTER_API'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    strictStyles(),
    localIcons(),
    vue(),
    ui({
      dts: false,
      autoImport: false,
      colorMode: false,
      ui: {
        colors: {
          primary: 'teal',
          secondary: 'sky',
          success: 'green',
          info: 'sky',
          warning: 'amber',
          error: 'red',
          neutral: 'zinc',
        },
        // The page stays visible under a dialog, but dimmed.
        modal: { variants: { overlay: { true: { overlay: 'bg-neutral-950/40 dark:bg-neutral-950/60' } } } },
        // A hovered or pressed button keeps the contrast of its label.
        button: {
          compoundVariants: [
            {
              color: 'primary',
              variant: 'solid',
              class: 'hover:bg-primary active:bg-primary hover:brightness-95 active:brightness-90',
            },
            {
              color: 'error',
              variant: 'solid',
              class: 'hover:bg-error active:bg-error hover:brightness-95 active:brightness-90',
            },
          ],
        },
        // Checkboxes and radios have a border with the contrast of a control, like the table's checkboxes.
        checkbox: { slots: { base: 'ring-(--ui-color-neutral-400) dark:ring-(--ui-color-neutral-500)' } },
        radioGroup: { slots: { base: 'ring-(--ui-color-neutral-400) dark:ring-(--ui-color-neutral-500)' } },
        toast: { slots: { title: 'break-words', description: 'break-words' } },
      },
      experimental: { componentDetection: true },
      // By default it scans components only. Menus in .ts files have icons, too.
      icon: { clientBundle: { scan: { globInclude: ['**/src/**/*.{vue,ts}'] } } },
    }),
    slimFont(),
    entries(),
    precompress(),
  ],
  define: {
    // Neither page uses the older APIs of vue-i18n, or development aids.
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_PROD_DEVTOOLS__: false,
  },
  server: { proxy: { '/trpc': { target: api, changeOrigin: false }, '/export': { target: api, changeOrigin: false } } },
  build: {
    target: 'es2023',
    // No data: addresses: the content security policy allows only files of this server.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Two builds into one folder: in one build, each page would also load the parts of shared libraries that only the
  // other uses.
  environments: {
    client: { build: { rolldownOptions: { input: { console: `${import.meta.dirname}/index.html` } } } },
    signIn: {
      consumer: 'client',
      build: { emptyOutDir: false, rolldownOptions: { input: { signIn: `${import.meta.dirname}/sign-in.html` } } },
    },
  },
  builder: {
    async buildApp(builder) {
      const { client, signIn } = builder.environments
      if (client) await builder.build(client)
      if (signIn) await builder.build(signIn)
    },
  },
})
